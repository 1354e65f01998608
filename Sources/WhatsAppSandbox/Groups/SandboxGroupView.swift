package import Foundation
import WhatsAppWire

/// A group as the control API and tests see it.
package struct SandboxGroupView: Sendable, Equatable, Codable {
    package struct Member: Sendable, Equatable, Codable {
        package let number: String
        /// `member`, `admin` or `superadmin`.
        package let role: String
    }

    package let id: String
    package let jid: String
    package let subject: String
    package let description: String?
    package let owner: String
    package let createdAt: Date
    /// `lid` or `pn`.
    package let addressing: String
    /// `group`, `community`, `announcements` or `generalChat`.
    package let kind: String
    /// The community that it belongs to.
    package let parent: String?
    package let inviteCode: String
    package let announcement: Bool
    package let locked: Bool
    package let ephemeral: Int
    package let joinApproval: Bool
    package let membersVersion: String
    /// Changes with the picture; absent when there is none.
    package let pictureID: String?
    package let members: [Member]
    /// Numbers of those who wait for approval.
    package let joinRequests: [String]

    init(_ group: SandboxGroup) {
        id = group.id
        jid = group.jid.description
        subject = group.subject
        description = group.description?.text
        owner = group.creator
        createdAt = group.createdAt
        addressing = group.usesLIDs ? "lid" : "pn"
        kind = group.kind.rawValue
        parent = group.parent
        inviteCode = group.inviteCode
        announcement = group.settings.isAnnouncement
        locked = group.settings.isLocked
        ephemeral = Int(group.settings.ephemeral)
        joinApproval = group.settings.joinApproval
        membersVersion = String(group.membersVersion)
        pictureID = group.picture?.id
        members = group.members.map { Member(number: $0, role: (group.role(of: $0) ?? .member).rawValue) }
        joinRequests = group.joinRequests.map(\.number)
    }
}

extension ServerState {
    func groupViews() -> [SandboxGroupView] {
        groups.all.values.sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }.map(SandboxGroupView.init)
    }

    func groupView(_ id: String) throws(SandboxError) -> SandboxGroupView {
        guard let group = groups.all[id] else { throw .unknownGroup }
        return SandboxGroupView(group)
    }
}

extension SandboxServer {
    @discardableResult
    package func createGroup(_ order: NewGroup) async throws -> SandboxGroupView {
        try await onLoop { engine in try engine.perform { SandboxGroupView(try $0.createGroup(order)) } }
    }

    package func groups() async throws -> [SandboxGroupView] {
        try await onLoop { $0.view.groupViews() }
    }

    package func group(_ id: String) async throws -> SandboxGroupView {
        try await onLoop { try $0.view.groupView(id) }
    }

    /// Somebody adds, removes, promotes, demotes, leaves or joins on a phone.
    @discardableResult
    package func changeMembers(
        _ action: GroupMemberAction,
        _ numbers: [String] = [],
        of id: String,
        by number: String
    ) async throws -> SandboxGroupView {
        try await onLoop { engine in
            try engine.perform { SandboxGroupView(try $0.changeMembers(action, numbers, of: id, by: number)) }
        }
    }

    /// Somebody changes subject, description or settings on a phone.
    @discardableResult
    package func change(_ change: GroupChange, of id: String, by number: String) async throws -> SandboxGroupView {
        try await onLoop { engine in
            try engine.perform { SandboxGroupView(try $0.change(change, of: id, by: number)) }
        }
    }

    package func deleteGroup(_ id: String) async throws {
        try await onLoop { engine in try engine.perform { try $0.deleteGroup(id) } }
    }

    /// Whether others may add somebody to groups.
    package func letAdd(_ number: String, _ isAllowed: Bool) async throws {
        try await onLoop { engine in try engine.perform { try $0.letAdd(number, isAllowed) } }
    }
}
