internal import Foundation
package import WhatsAppWire

extension Session {
    /// Makes a group, a community or a subgroup; those who could not be added are named with the reason.
    package func createGroup(
        _ creation: GroupCreation
    ) async throws(RequestError) -> (group: GroupMetadata, refused: [MemberResult]) {
        var creation = creation
        try creation.check()
        guard let own = credentials.account else { throw .notConnected }
        creation.members = try await invitees(creation.members.map(\.jid), byLID: true)
        let answer = try await request(
            GroupRequests.create(
                creation,
                key: MessageID.make(own: own.jid, now: now, using: &random),
                descriptionID: MessageID.make(own: own.jid, now: now, using: &random)
            )
        )
        return (try GroupAnswers.group(answer), GroupAnswers.refusedMembers(answer))
    }

    /// All groups that the account is in, members included.
    package func participatingGroups() async throws(RequestError) -> [GroupMetadata] {
        let answer = try await request(GroupRequests.participating())
        return try GroupAnswers.groups(answer).compactMap { found in
            if case .found(let group) = found { group } else { nil }
        }
    }

    /// Looks many groups up at once.
    package func lookUp(_ groups: [JID]) async throws(RequestError) -> [GroupLookUp] {
        guard groups.count <= GroupLimits.groupsInOneQuery else {
            throw .invalid(field: "groups", reason: .count(0...GroupLimits.groupsInOneQuery))
        }
        for group in groups { try GroupLimits.check(group: group) }
        guard !groups.isEmpty else { return [] }
        return try GroupAnswers.groups(try await request(GroupRequests.metadata(of: groups)))
    }

    /// Adds, removes, promotes or demotes; the answer says for each person what became of it.
    ///
    /// `linkedGroups` removes from all groups of the community.
    package func change(
        _ order: GroupRequests.MemberOrder,
        _ people: [JID],
        in group: JID,
        linkedGroups: Bool = false
    ) async throws(RequestError) -> [MemberResult] {
        try GroupLimits.check(group: group)
        guard (1...GroupLimits.membersInOneRequest).contains(people.count) else {
            throw .invalid(field: "people", reason: .count(1...GroupLimits.membersInOneRequest))
        }
        let isLID = try await metadata(of: group).addressingMode == .lid
        let invitees = try await invitees(people, byLID: isLID, withTokens: order == .add)
        let answer = try await request(
            GroupRequests.change(order, invitees, in: group, linkedGroups: linkedGroups)
        )
        // Before anything else is sent there, also if the notification is late.
        if order == .remove { rotateSenderKey(group: group) }
        await dropGroup(group)
        return try GroupAnswers.members(answer, of: order)
    }

    package func leave(_ groups: [JID]) async throws(RequestError) -> [GroupResult] {
        for group in groups { try GroupLimits.check(group: group) }
        guard !groups.isEmpty else { return [] }
        let results = try GroupAnswers.left(try await request(GroupRequests.leave(groups)))
        for result in results where result.error == nil { forget(result.group) }
        flushSoon()
        return results
    }

    /// Leaves a community with all its groups.
    package func leave(community: JID) async throws(RequestError) -> [GroupResult] {
        try GroupLimits.check(group: community, field: "community")
        return try GroupAnswers.left(try await request(GroupRequests.leave(community: community)))
    }

    // MARK: Settings

    package func set(_ setting: GroupSetting, of group: JID) async throws(RequestError) {
        try GroupLimits.check(group: group)
        if case .ephemeral(let seconds) = setting, ![0, 86_400, 604_800, 7_776_000].contains(seconds) {
            throw .invalid(field: "ephemeral", reason: "Messages disappear after a day, a week, 90 days or never.")
        }
        if case .limitedSharing = setting {
            throw .invalid(field: "setting", reason: "This setting is told and cannot be asked for.")
        }
        _ = try await request(GroupRequests.set(setting, of: group))
    }

    package func setSubject(_ subject: String, of group: JID) async throws(RequestError) {
        try GroupLimits.check(group: group)
        try GroupLimits.check(subject: subject)
        _ = try await request(GroupRequests.setSubject(subject, of: group))
    }

    /// Replaces the description; nil removes it.
    package func setDescription(_ text: String?, of group: JID) async throws(RequestError) {
        if let text { try GroupLimits.check(description: text) }
        guard let own = credentials.account else { throw .notConnected }
        let known = try await metadata(of: group)
        let id = MessageID.make(own: own.jid, now: now, using: &random)
        do {
            _ = try await request(
                GroupRequests.setDescription(text, of: group, id: id, previous: known.description?.id)
            )
        } catch .refused(code: 409, _, _) {
            // Somebody was faster: what they wrote is what is replaced.
            await dropGroup(group)
            let newer = try await metadata(of: group)
            _ = try await request(
                GroupRequests.setDescription(text, of: group, id: id, previous: newer.description?.id)
            )
        }
    }

    /// The group is not new any more.
    package func acknowledge(_ group: JID) async throws(RequestError) {
        try GroupLimits.check(group: group)
        _ = try await request(GroupRequests.acknowledge(group))
    }

    // MARK: People

    /// People as a group addresses them, with the tokens that show that they know the account.
    func invitees(
        _ people: [JID],
        byLID: Bool,
        withTokens: Bool = true
    ) async throws(RequestError) -> [GroupInvitee] {
        var invitees: [GroupInvitee] = []
        for jid in people {
            guard jid.server == .user || jid.server == .lid, !jid.user.isEmpty else {
                throw .invalid(field: "people", reason: .notAPerson)
            }
            let lid = try await lid(of: jid)
            let phone = try await phone(of: jid)
            let address = byLID ? lid ?? jid : phone ?? jid
            invitees.append(GroupInvitee(jid: address, phone: address.server == .lid ? phone : nil))
        }
        guard withTokens else { return invitees }
        for (index, jid) in people.enumerated() { invitees[index].privacyToken = await token(of: jid) }
        return invitees
    }
}
