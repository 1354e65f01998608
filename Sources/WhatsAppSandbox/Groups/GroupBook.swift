import Foundation
import WhatsAppWire

/// All groups of the server.
struct GroupBook: Sendable {
    /// By the user part of the JID.
    var all: [String: SandboxGroup] = [:]
    /// The group behind an invite code.
    var codes: [String: String] = [:]
    /// Codes that were replaced.
    var formerCodes: Set<String> = []
    /// Numbers of people whose privacy settings keep others from adding them.
    var refusing: Set<String> = []

    /// Those that somebody is in, oldest first.
    func groups(of number: String) -> [SandboxGroup] {
        all.values.filter { $0.has(number) }.sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
    }

    func subgroups(of community: String) -> [SandboxGroup] {
        all.values.filter { $0.parent == community }.sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
    }

    mutating func replaceCode(of id: String, with code: String) {
        guard let old = all[id]?.inviteCode else { return }
        codes[old] = nil
        if formerCodes.count < 10_000 { formerCodes.insert(old) }
        codes[code] = id
        all[id]?.inviteCode = code
    }

    mutating func remove(_ id: String) {
        guard let group = all.removeValue(forKey: id) else { return }
        codes[group.inviteCode] = nil
    }
}

/// The service does not do what was asked of a group.
struct GroupRefusal: Error, Equatable {
    let code: Int
    let text: String

    static let badRequest = GroupRefusal(code: 400, text: "bad-request")
    static let notAuthorized = GroupRefusal(code: 401, text: "not-authorized")
    static let forbidden = GroupRefusal(code: 403, text: "forbidden")
    static let notFound = GroupRefusal(code: 404, text: "item-not-found")
    static let wasRemoved = GroupRefusal(code: 405, text: "not-allowed")
    static let notAcceptable = GroupRefusal(code: 406, text: "not-acceptable")
    static let conflict = GroupRefusal(code: 409, text: "conflict")
    static let gone = GroupRefusal(code: 410, text: "gone")
    static let full = GroupRefusal(code: 419, text: "resource-limit")
    static let isMember = GroupRefusal(code: 304, text: "not-modified")
}

/// What members are to be told.
struct GroupNotice: Sendable {
    let group: SandboxGroup
    let change: BinaryNode
    let author: String?
    let audience: [String]

    /// To all who are in the group, and others whom the change concerns.
    init(_ group: SandboxGroup, _ change: BinaryNode, by author: String?, also others: [String] = []) {
        self.init(group, change, by: author, to: group.members + others.filter { !group.has($0) })
    }

    init(_ group: SandboxGroup, _ change: BinaryNode, by author: String?, to audience: [String]) {
        self.group = group
        self.change = change
        self.author = author
        self.audience = audience
    }
}

/// The answer to a request, and whom to tell of it.
struct GroupStep: Sendable {
    var answer: [BinaryNode] = []
    var notices: [GroupNotice] = []
}
