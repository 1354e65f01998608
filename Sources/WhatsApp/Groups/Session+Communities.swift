package import WhatsAppWire

extension Session {
    package func subgroups(of community: JID) async throws(RequestError) -> [GroupReference] {
        try GroupLimits.check(group: community, field: "community")
        return try GroupAnswers.subgroups(try await request(GroupRequests.subgroups(of: community)))
    }

    /// Everybody in any group of a community.
    package func members(ofAllGroupsIn community: JID) async throws(RequestError) -> GroupMembers {
        try GroupLimits.check(group: community, field: "community")
        return try GroupAnswers.linkedMembers(try await request(GroupRequests.members(ofAllGroupsIn: community)))
    }

    package func link(_ groups: [JID], to community: JID) async throws(RequestError) -> [GroupResult] {
        try check(groups, community)
        return try GroupAnswers.linked(try await request(GroupRequests.link(groups, to: community)))
    }

    /// `removeOrphans`: members who are in no other group of the community leave it too.
    package func unlink(
        _ groups: [JID],
        from community: JID,
        removeOrphans: Bool = false
    ) async throws(RequestError) -> [GroupResult] {
        try check(groups, community)
        let iq = GroupRequests.unlink(groups, from: community, removeOrphans: removeOrphans)
        return try GroupAnswers.unlinked(try await request(iq))
    }

    /// A look at a group of the community that the account need not be in.
    package func linkedGroup(_ group: JID, of community: JID) async throws(RequestError) -> GroupMetadata {
        try check([group], community)
        return try GroupAnswers.group(try await request(GroupRequests.linkedGroup(group, of: community)))
    }

    package func joinSubgroup(_ group: JID, of community: JID) async throws(RequestError) -> JoinOutcome {
        try check([group], community)
        return try GroupAnswers.joined(try await request(GroupRequests.joinSubgroup(group, of: community)))
    }

    /// The community ends; its groups go on without it.
    package func deactivate(_ community: JID) async throws(RequestError) {
        try GroupLimits.check(group: community, field: "community")
        _ = try await request(GroupRequests.deactivate(community))
    }

    package func pictures(_ queries: [GroupPictureQuery]) async throws(RequestError) -> [GroupPicture] {
        for query in queries { try GroupLimits.check(group: query.group) }
        guard !queries.isEmpty else { return [] }
        return try GroupAnswers.pictures(try await request(GroupRequests.pictures(queries)))
    }

    private func check(_ groups: [JID], _ community: JID) throws(RequestError) {
        try GroupLimits.check(group: community, field: "community")
        guard (1...100).contains(groups.count) else {
            throw .invalid(field: "groups", reason: .count(1...100))
        }
        for group in groups { try GroupLimits.check(group: group) }
    }
}
