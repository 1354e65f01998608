package import WhatsApp
import WhatsAppWire

/// Ninth: whether who asks may, here.
enum PermissionStage {
    /// Nil when everything that the command demands holds.
    static func refusal(_ permissions: CommandPermissions, _ asker: Asker) async throws -> Phrase? {
        if permissions.contains(.groupOnly), !asker.isGroup { return .groupOnly }
        if permissions.contains(.privateOnly), asker.isGroup { return .privateOnly }
        if permissions.contains(.owner), !asker.isOwner { return .ownerOnly }
        if permissions.contains(.botAdmin), !asker.isBotAdmin { return .botAdminOnly }
        guard asker.isGroup else { return nil }
        if permissions.contains(.groupAdmin), !asker.isOwner {
            guard try await asker.isGroupAdmin() else { return .groupAdminOnly }
        }
        if permissions.contains(.botIsAdmin) {
            guard try await asker.isBotGroupAdmin() else { return .botMustBeAdmin }
        }
        return nil
    }
}

/// Who gave a command, as far as rights go.
struct Asker: Sendable {
    let person: Person
    let chat: JID
    let isOwner: Bool
    let isBotAdmin: Bool
    let session: Session

    var isGroup: Bool { chat.server == .group }

    /// Finds the phone number of who is named by LID alone, so that owners are known by it.
    init(_ message: HeardMessage, _ bot: LiveBot, _ session: Session) async {
        var person = message.sender
        if person.phone == nil, let lid = person.lid, let phone = try? await session.phone(of: lid) {
            person.alternate = phone
        }
        self.person = person
        self.session = session
        chat = message.chat
        // The account's own phone is its owner's.
        isOwner = message.isFromMe || bot.conduct.isOwner(person)
        isBotAdmin = isOwner || bot.conduct.isAdmin(person)
    }

    func isGroupAdmin() async throws -> Bool {
        try await session.metadata(of: chat).member(person)?.role.isAdmin == true
    }

    func isBotGroupAdmin() async throws -> Bool {
        guard let own = await session.account else { return false }
        let me = Person(own.jid, alternate: own.lid)
        return try await session.metadata(of: chat).member(me)?.role.isAdmin == true
    }
}

extension GroupMetadata {
    /// Somebody under whichever address the group knows.
    package func member(_ person: Person) -> GroupMember? {
        if let member = members.member(person.jid) { return member }
        return person.alternate.flatMap { members.member($0) }
    }
}
