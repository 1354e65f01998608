internal import Foundation
package import WhatsAppWire

extension Session {
    /// What is known of a group: from memory, from the store, or from the service.
    ///
    /// It is asked for once however many wait for it. `refused` with 403 where the account is no member, with 404 where
    /// there is no such group.
    package func metadata(of group: JID) async throws(RequestError) -> GroupMetadata {
        try GroupLimits.check(group: group)
        let known = try await known(group)
        if let known, isCurrent(known) { return known }
        // Looked up again: it may have come while the store was being read.
        if let known = groups[group], isCurrent(known) { return known }
        guard groups.begin(group) else {
            let result = await withCheckedContinuation { groups.wait(for: group, $0) }
            return try result.get()
        }
        do {
            let answer = try await request(GroupRequests.metadata(of: group))
            let fresh = try GroupAnswers.group(answer)
            guard fresh.jid == group else { throw RequestError.malformed("group") }
            let isKept = groups.finish(group, .success(fresh))
            keep(fresh, insteadOf: groups.peek(group) ?? known, isKept: isKept)
            await learn(fresh.members.newPairs(since: known?.members))
            return fresh
        } catch {
            let error = error as? RequestError ?? .malformed("group")
            _ = groups.finish(group, .failure(error))
            if case .refused(let code, _, _) = error, code == 403 || code == 404 { forget(group) }
            throw error
        }
    }

    /// What the service said may not be right any more; the next use asks.
    package func dropGroup(_ group: JID) async {
        groups.overhear(group)
        guard var known = try? await known(group), !known.has(.outdated) else { return }
        known.flags.insert(.outdated)
        keep(known)
        flushSoon()
    }

    /// Everything that is known of groups may be out of date.
    func handleDirtyGroups() async {
        groups.overhearAll()
        guard let epoch = try? await groupEpoch() else { return }
        groups.epoch = epoch &+ 1
        outbox.staged.put(.setting, "group_epoch", Array(String(epoch &+ 1).utf8))
        flushSoon()
    }

    // MARK: Memory and store

    /// What is kept of a group, right or not.
    func known(_ group: JID) async throws(RequestError) -> GroupMetadata? {
        if let known = groups[group] { return known }
        do {
            _ = try await groupEpoch()
            guard let record = try await read(.group, group.description) else { return groups[group] }
            // What came in the meantime is newer.
            if let newer = groups[group] { return newer }
            guard let known = GroupMetadata(record: record), known.jid == group else { return nil }
            groups.put(known)
            return known
        } catch {
            throw .store(error)
        }
    }

    /// Which groups of the store count: raised, it makes all of them out of date at once.
    private func groupEpoch() async throws(StoreError) -> UInt32 {
        if let epoch = groups.epoch { return epoch }
        let stored = try await read(.setting, "group_epoch")
        if let epoch = groups.epoch { return epoch }
        let epoch = stored.flatMap { UInt32(String(decoding: $0, as: UTF8.self)) } ?? 0
        groups.epoch = epoch
        return epoch
    }

    func isCurrent(_ group: GroupMetadata) -> Bool {
        !group.has(.outdated) && group.epoch == groups.epoch ?? 0
    }

    /// Keeps what is known now.
    func keep(_ group: GroupMetadata) {
        groups.put(group)
        outbox.staged.put(.group, group.jid.description, group.record)
    }

    /// Keeps what the service has answered; who was a member and is none any more must not read what comes.
    private func keep(_ fresh: GroupMetadata, insteadOf known: GroupMetadata?, isKept: Bool) {
        if let known, !fresh.members.hasAll(of: known.members) { rotateSenderKey(group: fresh.jid) }
        guard isKept else { return }
        var fresh = fresh
        fresh.epoch = groups.epoch ?? 0
        keep(fresh)
        flushSoon()
    }

    /// The account is not in the group any more, or there is none.
    func forget(_ group: JID) {
        groups.overhear(group)
        groups.drop(group)
        outbox.staged.delete(.group, group.description)
        // Nothing more of it is read.
        var batch = StoreBatch()
        batch.deletedPrefixes = [RecordKey(.senderKey, "\(group)|")]
        dropSenderKeys(batch)
        rotateSenderKey(group: group)
    }

    /// Keeps which phone numbers and LIDs belong together, a part at a time so that memory stays small.
    func learn(_ members: [GroupMember]) async {
        for start in stride(from: 0, to: members.count, by: 256) {
            for member in members[start..<min(start + 256, members.count)] {
                if let lid = member.lid, let phone = member.phone { learn(lid: lid, phone: phone) }
            }
            guard members.count > 256 else { return flushSoon() }
            guard await durable() else { return }
        }
    }
}
