package import WhatsAppWire

extension Session {
    /// The code of the invite link `https://chat.whatsapp.com/CODE`.
    package func inviteCode(of group: JID) async throws(RequestError) -> String {
        try GroupLimits.check(group: group)
        return try GroupAnswers.inviteCode(try await request(GroupRequests.inviteCode(of: group)))
    }

    /// Makes the old invite link worthless; the new code.
    package func resetInviteCode(of group: JID) async throws(RequestError) -> String {
        try GroupLimits.check(group: group)
        return try GroupAnswers.inviteCode(try await request(GroupRequests.revokeInviteCode(of: group)))
    }

    /// What a link leads to; few of the members are named.
    package func previewGroup(code: String) async throws(RequestError) -> GroupMetadata {
        try GroupLimits.check(code: code)
        return try GroupAnswers.group(try await request(GroupRequests.preview(code: code)))
    }

    package func joinGroup(code: String) async throws(RequestError) -> JoinOutcome {
        try GroupLimits.check(code: code)
        return try GroupAnswers.joined(try await request(GroupRequests.join(code: code)))
    }

    package func preview(_ invitation: GroupInvitation) async throws(RequestError) -> GroupMetadata {
        try check(invitation)
        return try GroupAnswers.group(try await request(GroupRequests.preview(invitation)))
    }

    package func accept(_ invitation: GroupInvitation) async throws(RequestError) {
        try check(invitation)
        _ = try await request(GroupRequests.accept(invitation))
    }

    package func withdrawInvitations(of people: [JID], to group: JID) async throws(RequestError) {
        try GroupLimits.check(group: group)
        _ = try await request(GroupRequests.withdrawInvitations(of: people, to: group))
    }

    private func check(_ invitation: GroupInvitation) throws(RequestError) {
        try GroupLimits.check(group: invitation.group)
        guard !invitation.code.isEmpty, invitation.code.utf8.count <= 256 else {
            throw .invalid(field: "code", reason: .notACode)
        }
    }

    // MARK: Requests to join

    package func joinRequests(of group: JID) async throws(RequestError) -> [JoinRequest] {
        try GroupLimits.check(group: group)
        return try GroupAnswers.joinRequests(try await request(GroupRequests.joinRequests(of: group)))
    }

    /// Lets people in, or does not.
    package func decide(
        isApproved: Bool,
        _ people: [JID],
        in group: JID
    ) async throws(RequestError) -> [MemberResult] {
        try GroupLimits.check(group: group)
        guard (1...GroupLimits.membersInOneRequest).contains(people.count) else {
            throw .invalid(field: "people", reason: .count(1...GroupLimits.membersInOneRequest))
        }
        let answer = try await request(GroupRequests.decide(isApproved: isApproved, people, in: group))
        return try GroupAnswers.decided(answer)
    }

    /// Takes the own request back.
    package func cancelJoinRequest(in group: JID) async throws(RequestError) {
        try GroupLimits.check(group: group)
        guard let own = account else { throw .notConnected }
        _ = try await request(GroupRequests.cancelJoinRequests(of: [own.lid ?? own.jid], in: group))
    }
}
