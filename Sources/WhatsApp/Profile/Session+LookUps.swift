package import WhatsAppWire

extension Session {
    /// Which numbers are on WhatsApp, in the order of the question; many questions of 500 where there are more.
    package func lookUp(_ numbers: [PhoneNumber]) async throws(RequestError) -> [NumberLookUp] {
        var found: [NumberLookUp] = []
        var rest = numbers[...]
        while !rest.isEmpty {
            let batch = rest.prefix(UserLookUps.batchLimit)
            rest = rest.dropFirst(UserLookUps.batchLimit)
            let answer = try await request(UserLookUps.numbers(batch, id: nextStanzaID()))
            let results = try UserLookUps.numbers(batch, in: answer)
            for result in results {
                if let lid = result.lid, let jid = result.jid, jid.server == .user { learn(lid: lid, phone: jid) }
            }
            found += results
        }
        return found
    }

    /// About text, picture, devices and names of users; those whom the service does not know are left out.
    package func profiles(of users: [JID]) async throws(RequestError) -> [UserProfile] {
        var found: [UserProfile] = []
        var rest = users[...]
        while !rest.isEmpty {
            let batch = rest.prefix(UserLookUps.batchLimit)
            rest = rest.dropFirst(UserLookUps.batchLimit)
            var asked: [(jid: JID, token: [UInt8]?)] = []
            for jid in batch { asked.append((jid: jid, token: await token(of: jid))) }
            let profiles = try UserLookUps.profiles(
                in: try await request(UserLookUps.profiles(asked, id: nextStanzaID()))
            )
            for profile in profiles {
                if let lid = profile.lid, profile.jid.server == .user { learn(lid: lid, phone: profile.jid) }
                keep(profile)
            }
            found += profiles
        }
        flushSoon()
        return found
    }

    private func keep(_ profile: UserProfile) {
        var contact = ContactChange(jid: profile.jid.description)
        contact.about = profile.about
        contact.businessName = profile.verifiedName
        contact.lid = profile.lid?.description
        outbox.staged.contacts.append(contact)
    }
}
