internal import WhatsAppWire

extension Session {
    /// `<notification type="w:gp2">`: follows what has changed, then tells of it.
    func handleGroupNotification(_ node: BinaryNode) async {
        guard let notification = GroupNotification(node), let own = credentials.account else { return }
        let group = notification.group
        groups.overhear(group)
        // Before anything is waited for: nobody who has left may read what is sent meanwhile.
        if notification.changes.contains(where: \.kind.endsSenderKey) { rotateSenderKey(group: group) }
        var known = try? await known(group)
        for change in notification.changes {
            if change.kind.excludes(own) {
                known = nil
                forget(group)
            } else if case .created(let created, _) = change.kind, created.jid == group {
                var created = created
                created.epoch = groups.epoch ?? 0
                known = created
                keep(created)
            } else if var followed = known {
                switch followed.apply(change, by: notification.author) {
                case .unchanged: continue
                case .changed: break
                case .outdated: followed.flags.insert(.outdated)
                }
                known = followed
                keep(followed)
            }
        }
        let people = notification.changes.flatMap(\.kind.members) + (notification.author.map { [$0] } ?? [])
        await learn(people.filter { $0.alternate != nil })
        tell(node, own: own)
    }
}

extension GroupEvent.Kind {
    /// Whether somebody must not read any more what is sent from now on.
    var endsSenderKey: Bool {
        if case .members(let change, _, _) = self { change.endsSenderKey } else { false }
    }

    /// Whether the account itself is out of the group.
    func excludes(_ own: Credentials.LinkedAccount) -> Bool {
        switch self {
        case .deleted: true
        case .members(.remove, let members, _), .members(.leave, let members, _):
            members.contains { member in
                MessageEnvelope.isOwn(member.jid, own)
                    || member.alternate.map { MessageEnvelope.isOwn($0, own) } == true
            }
        default: false
        }
    }

    /// Whom it names.
    var members: [GroupMember] {
        switch self {
        case .created(let group, _): Array(group.members)
        case .members(_, let members, _), .joinRequestsCreated(let members, _): members
        case .joinRequested(let request): [request.member]
        default: []
        }
    }
}
