package import Foundation
package import WhatsAppWire

/// Whether a phone number is on WhatsApp.
package struct NumberLookUp: Sendable, Equatable {
    package var number: PhoneNumber
    package var isRegistered: Bool
    package var jid: JID?
    package var lid: JID?
    package var verifiedName: String?
}

/// What the service tells of a user.
package struct UserProfile: Sendable, Equatable {
    package var jid: JID
    package var lid: JID?
    package var about: String?
    package var aboutSetAt: Date?
    package var pictureID: String?
    package var verifiedName: String?
    package var devices: [UInt16]
}

/// Questions about users, many at once (`usync`).
package enum UserLookUps {
    /// As many as one question may hold.
    package static let batchLimit = 500

    /// Wire form: `<usync sid mode="query" last="true" index="0" context="interactive">` with the numbers as contacts.
    package static func numbers(_ numbers: some Collection<PhoneNumber>, id: String) -> BinaryNode {
        let users = numbers.map { number in
            BinaryNode("user", children: [BinaryNode("contact", text: "+" + number.digits)])
        }
        let query = [
            BinaryNode("contact"), BinaryNode("lid"), BinaryNode("business", children: [BinaryNode("verified_name")]),
        ]
        return usync(mode: "query", context: "interactive", id: id, query: query, users: users)
    }

    /// The tokens are those that the users have given to this account.
    package static func profiles(_ users: [(jid: JID, token: [UInt8]?)], id: String) -> BinaryNode {
        let nodes = users.map { user in
            var node = BinaryNode("user", ["jid": .jid(user.jid.withoutDevice)])
            if let token = user.token { node.content = .nodes([BinaryNode("tctoken", bytes: token)]) }
            return node
        }
        let query = [
            BinaryNode("business", children: [BinaryNode("verified_name")]), BinaryNode("status"),
            BinaryNode("picture"), BinaryNode("devices", ["version": "2"]), BinaryNode("lid"),
        ]
        return usync(mode: "full", context: "background", id: id, query: query, users: nodes)
    }

    private static func usync(
        mode: String,
        context: String,
        id: String,
        query: [BinaryNode],
        users: [BinaryNode]
    ) -> BinaryNode {
        ProfileRequests.iq(
            "get",
            "usync",
            BinaryNode(
                "usync",
                [
                    "sid": .text(id), "mode": .text(mode), "last": "true", "index": "0", "context": .text(context),
                ],
                children: [BinaryNode("query", children: query), BinaryNode("list", children: users)]
            )
        )
    }

    // MARK: Answers

    /// One result for each number that was asked for; those that the answer leaves out are not registered.
    static func numbers(_ asked: some Collection<PhoneNumber>, in answer: BinaryNode) throws(RequestError)
        -> [NumberLookUp]
    {
        var found: [String: NumberLookUp] = [:]
        for user in try users(in: answer) {
            guard let jid = user.attributes.jid("jid")?.withoutDevice, !jid.user.isEmpty else { continue }
            let contact = user.child("contact")
            let written = contact?.text.map { $0.filter { ("0"..."9").contains($0) } } ?? ""
            let phone = jid.server == .user ? jid : user.attributes.jid("pn_jid")?.withoutDevice
            let lid = user.child("lid")?.attributes.jid("val")?.withoutDevice ?? (jid.server == .lid ? jid : nil)
            let digits = written.isEmpty ? (phone?.user ?? "") : written
            guard let number = try? PhoneNumber(parsing: digits) else { continue }
            let isRegistered = contact?.attributes.text("type") == "in"
            found[number.digits] = NumberLookUp(
                number: number,
                isRegistered: isRegistered,
                jid: isRegistered ? phone ?? jid : nil,
                lid: isRegistered ? lid : nil,
                verifiedName: user.child("business")?.child("verified_name").flatMap(VerifiedName.read)
            )
        }
        return asked.map { found[$0.digits] ?? NumberLookUp(number: $0, isRegistered: false) }
    }

    static func profiles(in answer: BinaryNode) throws(RequestError) -> [UserProfile] {
        try users(in: answer)
            .compactMap { user in
                guard let jid = user.attributes.jid("jid")?.withoutDevice, !jid.user.isEmpty else { return nil }
                let status = user.child("status")
                let devices = user.child("devices")?.child("device-list")?.children("device").prefix(128)
                return UserProfile(
                    jid: jid,
                    lid: user.child("lid")?.attributes.jid("val")?.withoutDevice,
                    about: status?.text,
                    aboutSetAt: status?.attributes.date("t"),
                    pictureID: user.child("picture")?.attributes.text("id"),
                    verifiedName: user.child("business")?.child("verified_name").flatMap(VerifiedName.read),
                    devices: devices?.compactMap { $0.attributes.integer("id", as: UInt16.self) } ?? []
                )
            }
    }

    private static func users(in answer: BinaryNode) throws(RequestError) -> ArraySlice<BinaryNode> {
        guard let list = answer.child("usync")?.child("list") else { throw .malformed("usync") }
        return list.children("user").prefix(batchLimit * 2)
    }
}
