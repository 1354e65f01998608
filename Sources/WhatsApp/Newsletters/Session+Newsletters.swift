package import WhatsAppWire

extension Session {
    /// `<notification type="newsletter" from><live_updates>…`: counters and edits of posts.
    func handleNewsletterNotification(_ node: BinaryNode) {
        if let own = credentials.account { tell(node, own: own) }
    }

    /// A channel by its JID.
    package func newsletter(_ jid: JID) async throws(RequestError) -> Newsletter {
        try await newsletter(jid.description, isInvite: false)
    }

    /// A channel by the code of its link (`https://whatsapp.com/channel/CODE`).
    package func newsletter(invite code: String) async throws(RequestError) -> Newsletter {
        try await newsletter(code, isInvite: true)
    }

    private func newsletter(_ key: String, isInvite: Bool) async throws(RequestError) -> Newsletter {
        guard !key.isEmpty, key.utf8.count <= 256 else { throw .invalid(field: "key", reason: "no channel") }
        let answer = try await request(
            NewsletterRequests.metadata(key, isInvite: isInvite, environment.queries)
        )
        return try Newsletter(answer: answer, "xwa2_newsletter")
    }

    /// The channels that the account follows or owns.
    package func subscribedNewsletters() async throws(RequestError) -> [Newsletter] {
        let answer = try await request(NewsletterRequests.subscribed(environment.queries))
        guard case .array(let values) = try Mex.value("xwa2_newsletter_subscribed", in: answer) else {
            throw .malformed("xwa2_newsletter_subscribed")
        }
        return values.prefix(10_000).compactMap { Newsletter($0) }
    }

    /// Makes a channel; the terms are accepted with it.
    package func createNewsletter(
        name: String,
        about: String? = nil,
        picture: [UInt8]? = nil
    ) async throws(RequestError) -> Newsletter {
        let iq = try NewsletterRequests.create(name: name, about: about, picture: picture, environment.queries)
        _ = try await request(NewsletterRequests.acceptTerms())
        return try Newsletter(answer: try await request(iq), "xwa2_newsletter_create")
    }

    package func updateNewsletter(_ jid: JID, _ update: NewsletterUpdate) async throws(RequestError) {
        try check(jid)
        let iq = try NewsletterRequests.update(jid, update, environment.queries)
        _ = try Mex.value("xwa2_newsletter_update", in: try await request(iq))
    }

    package func follow(_ jid: JID) async throws(RequestError) {
        try check(jid)
        let answer = try await request(NewsletterRequests.follow(jid, environment.queries))
        _ = try Mex.value("xwa2_newsletter_join_v2", in: answer)
    }

    package func leaveNewsletter(_ jid: JID) async throws(RequestError) {
        try check(jid)
        let answer = try await request(NewsletterRequests.leave(jid, environment.queries))
        _ = try Mex.value("xwa2_newsletter_leave_v2", in: answer)
    }

    package func deleteNewsletter(_ jid: JID) async throws(RequestError) {
        try check(jid)
        let answer = try await request(NewsletterRequests.delete(jid, environment.queries))
        _ = try Mex.value("xwa2_newsletter_delete_v2", in: answer)
    }

    package func muteNewsletter(_ jid: JID, isMuted: Bool) async throws(RequestError) {
        try check(jid)
        let answer = try await request(NewsletterRequests.mute(jid, isMuted: isMuted, environment.queries))
        _ = try Mex.anyValue(in: answer)
    }

    /// A page of a channel's posts, at most 100.
    package func newsletterHistory(
        _ jid: JID,
        _ page: NewsletterRequests.Page = .newest,
        count: Int = 50
    ) async throws(RequestError) -> [NewsletterPost] {
        try check(jid)
        return try NewsletterRequests.history(
            in: try await request(NewsletterRequests.history(jid, page, count: count))
        )
    }

    /// Asks for counters as they change; they come as events for the returned time.
    package func subscribeLiveUpdates(of jid: JID) async throws(RequestError) -> Duration {
        try check(jid)
        let answer = try await request(NewsletterRequests.liveUpdates(jid))
        let seconds = answer.child("live_updates")?.attributes.integer("duration", as: UInt16.self)
        guard let seconds else { throw .malformed("live_updates") }
        return .seconds(Int(seconds))
    }

    /// Tells a channel that its posts were seen.
    package func markViewed(_ serverIDs: [Int], in jid: JID) throws(RequestError) {
        try check(jid)
        guard !serverIDs.isEmpty, serverIDs.count <= 256 else {
            throw .invalid(field: "posts", reason: "not 1 to 256")
        }
        try sendStanza(NewsletterRequests.viewed(serverIDs, in: jid, id: nextStanzaID()))
    }

    func check(_ newsletter: JID) throws(RequestError) {
        guard newsletter.server == .newsletter, !newsletter.user.isEmpty else {
            throw .invalid(field: "jid", reason: "no channel")
        }
    }
}

extension Newsletter {
    fileprivate init(answer: BinaryNode, _ name: String) throws(RequestError) {
        guard let newsletter = Newsletter(try Mex.value(name, in: answer)) else { throw .malformed(name) }
        self = newsletter
    }
}
