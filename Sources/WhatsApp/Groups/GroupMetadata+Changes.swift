extension GroupMetadata {
    /// What a notification did to what is known.
    package enum Outcome: Sendable, Equatable {
        case changed
        /// It was known already, or does not touch what is known.
        case unchanged
        /// Something before it was missed: what is known is not right any more.
        case outdated
    }

    /// Follows a notification's change.
    package mutating func apply(_ change: GroupNotification.Change, by author: GroupMember?) -> Outcome {
        switch change.kind {
        case .created(let group, _):
            let epoch = epoch
            self = group
            self.epoch = epoch
            return .changed
        case .members(let kind, let members, _):
            guard kind != .modify else { return .outdated }
            if let version = change.version, version == membersVersion { return .unchanged }
            if let previous = change.previousVersion, previous != membersVersion { return .outdated }
            apply(kind, to: members)
            // Without a version nothing can build upon the list.
            membersVersion = change.version ?? membersVersion
            return .changed
        case .subject(let text):
            subject = text
            subjectAuthor = author?.jid
            return .changed
        case .description(let new):
            description = new
            return .changed
        case .setting(let setting):
            apply(setting)
            return .changed
        case .linked(.parent, let groups):
            parent = groups.first?.jid
            return .changed
        case .unlinked(.parent, _, _):
            parent = nil
            return .changed
        case .growthLocked(let isOn):
            set(.growthLocked, isOn)
            return .changed
        case .suspended(let isOn):
            set(.suspended, isOn)
            return .changed
        case .deleted: return .outdated
        case .joinRequested, .joinRequestsCreated, .joinRequestsRevoked, .inviteCode, .invitationsRevoked, .linked,
            .unlinked:
            return .unchanged
        }
    }

    private mutating func apply(_ change: MemberChange, to changed: [GroupMember]) {
        let before = members.count
        switch change {
        case .add: members.put(changed)
        case .remove, .leave: members.remove(changed)
        case .promote: members.setRole(.admin, of: changed)
        case .demote: members.setRole(.member, of: changed)
        case .modify: break
        }
        let (sum, isTooMuch) = size.addingReportingOverflow(members.count - before)
        size = isTooMuch ? members.count : max(0, sum)
    }
}
