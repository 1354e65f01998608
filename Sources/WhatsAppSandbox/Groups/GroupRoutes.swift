import Foundation
import NIOHTTP1

/// The control API of groups.
enum GroupRoutes {
    private struct Create: Decodable {
        var subject: String
        var owner: String
        var members: [String]?
        var description: String?
        var addressing: String?
        var community: Bool?
        var parent: String?
    }

    private struct Members: Decodable {
        var action: String
        var by: String
        var numbers: [String]?
    }

    private struct Settings: Decodable {
        var by: String
        var subject: String?
        var description: String?
        var announcement: Bool?
        var locked: Bool?
        var ephemeral: Int?
        var adminsAdd: Bool?
        var adminsLink: Bool?
        var joinApproval: Bool?
    }

    private struct Picture: Decodable {
        var by: String
        /// Base64; empty takes the picture away.
        var picture: Data
    }

    private struct Privacy: Decodable {
        var groupAdd: String
    }

    private struct Groups: Encodable {
        let groups: [SandboxGroupView]
    }

    /// Answers `/sandbox/groups…` and `/sandbox/phones/N/group-privacy`.
    static func reply(
        _ endpoint: ControlEndpoint,
        _ request: HTTPRequest,
        _ engine: Engine
    ) throws -> HTTPReply? {
        switch (endpoint, request.method) {
        case (.groups, .GET): return .json(Groups(groups: engine.view.groupViews()))
        case (.groups, _):
            let order = try newGroup(try ControlBody.decode(Create.self, from: request.body))
            let group = try engine.perform { try $0.createGroup(order) }
            return .json(SandboxGroupView(group), status: .created)
        case (.group(let id), .GET): return .json(try engine.view.groupView(id))
        case (.group(let id), _):
            try engine.perform { try $0.deleteGroup(id) }
            return .json([String: String]())
        case (.groupMembers(let id), _):
            let body = try ControlBody.decode(Members.self, from: request.body)
            guard let action = GroupMemberAction(rawValue: body.action) else {
                let names = GroupMemberAction.allCases.map(\.rawValue).joined(separator: ", ")
                throw SandboxError.invalid(field: "action", reason: "One of: \(names).")
            }
            let group = try engine.perform {
                try $0.changeMembers(action, body.numbers ?? [], of: id, by: body.by)
            }
            return .json(SandboxGroupView(group))
        case (.groupSettings(let id), _):
            let body = try ControlBody.decode(Settings.self, from: request.body)
            let group = try engine.perform { try $0.change(change(body), of: id, by: body.by) }
            return .json(SandboxGroupView(group))
        case (.groupPicture(let id), _):
            let body = try ControlBody.decode(Picture.self, from: request.body)
            guard body.picture.isEmpty || AccountProfile.isPicture(body.picture) else {
                throw SandboxError.invalid(field: "picture", reason: "A picture is a JPEG file of at most 5 MiB.")
            }
            let group = try engine.perform { state throws(SandboxError) in
                guard let group = state.groups.all[id] else { throw .unknownGroup }
                guard group.has(body.by), !group.settings.isLocked || group.isAdmin(body.by) else {
                    throw .groupRefused(code: 403, text: "forbidden")
                }
                let address = state.phoneAddress(body.by)
                state.setPicture(body.picture.isEmpty ? nil : Array(body.picture), ofGroup: id, by: address)
                return state.groups.all[id] ?? group
            }
            return .json(SandboxGroupView(group))
        case (.groupPrivacy(let number), _):
            let body = try ControlBody.decode(Privacy.self, from: request.body)
            guard ["all", "none"].contains(body.groupAdd) else {
                throw SandboxError.invalid(field: "groupAdd", reason: "One of: all, none.")
            }
            try engine.perform { try $0.letAdd(number, body.groupAdd == "all") }
            return .json([String: String]())
        default: return nil
        }
    }

    private static func newGroup(_ body: Create) throws(SandboxError) -> NewGroup {
        let usesLIDs: Bool?
        switch body.addressing {
        case nil: usesLIDs = nil
        case "lid"?: usesLIDs = true
        case "pn"?: usesLIDs = false
        default: throw .invalid(field: "addressing", reason: "One of: lid, pn.")
        }
        return NewGroup(
            subject: body.subject,
            owner: body.owner,
            members: body.members ?? [],
            description: body.description,
            usesLIDs: usesLIDs,
            isCommunity: body.community ?? false,
            parent: body.parent
        )
    }

    private static func change(_ body: Settings) -> GroupChange {
        var change = GroupChange()
        change.subject = body.subject
        change.description = body.description
        change.announcement = body.announcement
        change.locked = body.locked
        change.ephemeral = body.ephemeral
        change.adminsAdd = body.adminsAdd
        change.adminsLink = body.adminsLink
        change.joinApproval = body.joinApproval
        return change
    }
}
