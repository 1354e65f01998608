import Testing
import WharfTestSupport
import WhatsAppSandbox
import WhatsAppWire

@testable import WhatsApp

/// Sessions and groups, through the sandbox.
@Suite(.timeLimit(.minutes(4)))
struct GroupTests {
    private let ben = "15550002222", cy = "15550003333"

    private func run(
        _ body: (SandboxWorld, RunningSession, RunningSession, RunningSession) async throws -> Void
    ) async throws {
        try await SandboxWorld.run { world in
            let ada = try await world.person(SandboxWorld.number, name: "Ada")
            let ben = try await world.person(ben, name: "Ben")
            let cy = try await world.person(cy, name: "Cy")
            try await body(world, ada, ben, cy)
            for person in [ada, ben, cy] { await person.session.stop() }
        }
    }

    private func created(_ running: RunningSession) async throws -> GroupMetadata {
        try await running.first { event in
            guard case .group(let event) = event, case .created(let group, _) = event.kind else { return nil }
            return group
        }
    }

    private func change(_ running: RunningSession, _ change: MemberChange) async throws -> [GroupMember] {
        try await running.first { event in
            guard case .group(let event) = event, case .members(change, let members, _) = event.kind else { return nil }
            return members
        }
    }

    @Test func membersSeeTheGroupAndItsMessages() async throws {
        try await run { _, ada, ben, cy in
            let (group, refused) = try await ada.session.createGroup(
                GroupCreation(
                    subject: "Harbour",
                    members: [GroupInvitee(jid: ben.jid), GroupInvitee(jid: cy.jid)],
                    description: "Boats"
                )
            )
            #expect(refused.isEmpty)
            #expect(Set(group.members.map(\.jid)) == [ada.lid, ben.lid, cy.lid])
            #expect(try await created(ben).description?.text == "Boats")
            _ = try await created(cy)
            _ = try await ada.send("all aboard", to: group.jid)
            try await eventually { ben.texts == ["all aboard"] && cy.texts == ["all aboard"] }
            #expect(ben.messages.first?.chat == group.jid && ben.messages.first?.sender == ada.lid)
            _ = try await ben.send("aye", to: group.jid)
            try await eventually { ada.texts == ["aye"] && cy.texts == ["all aboard", "aye"] }
            #expect(try await ben.session.metadata(of: group.jid).members.count == 3)
        }
    }

    @Test func whoWasRemovedReadsNothingAnyMore() async throws {
        try await run { _, ada, ben, cy in
            let group = try await ada.session.createGroup(
                GroupCreation(
                    subject: "Harbour",
                    members: [GroupInvitee(jid: ben.jid), GroupInvitee(jid: cy.jid)]
                )
            ).group
            _ = try await created(ben)
            _ = try await created(cy)
            _ = try await ben.send("one", to: group.jid)
            try await eventually { cy.texts == ["one"] }
            let before = try #require(try await ben.store.load(.ownSenderKey, group.jid.description))
            let results = try await ada.session.change(.remove, [cy.jid], in: group.jid)
            #expect(results.map(\.error) == [nil])
            #expect(try await change(ben, .remove).map(\.jid) == [cy.lid])
            #expect(try await change(cy, .remove).map(\.jid) == [cy.lid])
            _ = try await ben.send("two", to: group.jid)
            try await eventually { ada.texts == ["one", "two"] }
            #expect(cy.texts == ["one"])
            try await eventually { try await ben.store.load(.ownSenderKey, group.jid.description) != before }
            #expect(try await ben.session.metadata(of: group.jid).members.map(\.jid) == [ada.lid, ben.lid])
            await #expect(throws: RequestError.refused(code: 403, text: "forbidden", backOff: nil)) {
                try await cy.session.metadata(of: group.jid)
            }
        }
    }

    @Test func notificationsKeepTheGroupRight() async throws {
        try await run { world, ada, ben, cy in
            let made = try await world.sandbox.createGroup(
                NewGroup(subject: "Harbour", owner: SandboxWorld.number, members: [self.ben])
            )
            let jid = try #require(JID(made.jid))
            _ = try await created(ada)
            _ = try await created(ben)
            _ = try await world.sandbox.changeMembers(.add, [self.cy], of: made.id, by: SandboxWorld.number)
            _ = try await world.sandbox.changeMembers(.promote, [self.cy], of: made.id, by: SandboxWorld.number)
            var change = GroupChange()
            change.subject = "Quay"
            change.announcement = true
            _ = try await world.sandbox.change(change, of: made.id, by: self.cy)
            _ = try await ben.first { event -> String? in
                guard case .group(let event) = event, case .subject(let text) = event.kind else { return nil }
                return text == "Quay" ? text : nil
            }
            let asked = try await world.sandbox.recentStanzas().filter { $0.contains("<query") && $0.contains("w:g2") }
            let group = try await ben.session.metadata(of: jid)
            #expect(group.subject == "Quay" && group.has(.announcement))
            #expect(group.members.member(cy.jid)?.role == .admin)
            let askedLater = try await world.sandbox.recentStanzas()
                .filter { $0.contains("<query") && $0.contains("w:g2") }
            #expect(asked == askedLater, "what was told suffices")
        }
    }

    @Test func invitationsAndRequestsToJoin() async throws {
        try await run { world, ada, ben, cy in
            let group = try await ada.session.createGroup(
                GroupCreation(subject: "Harbour", members: [GroupInvitee(jid: ben.jid)])
            ).group.jid
            let code = try await ada.session.inviteCode(of: group)
            #expect(try await cy.session.previewGroup(code: code).subject == "Harbour")
            try await ada.session.set(.joinApproval(true), of: group)
            #expect(try await cy.session.joinGroup(code: code) == .requested(group))
            let request = try await ada.first { event -> JoinRequest? in
                guard case .group(let event) = event, case .joinRequested(let request) = event.kind else { return nil }
                return request
            }
            #expect(request.member.jid == cy.lid)
            #expect(try await ada.session.joinRequests(of: group).map(\.member.jid) == [cy.lid])
            #expect(try await ada.session.decide(isApproved: true, [cy.lid], in: group).map(\.error) == [nil])
            #expect(try await created(cy).members.count == 3)
            let new = try await ada.session.resetInviteCode(of: group)
            #expect(new != code)
            await #expect(throws: RequestError.refused(code: 410, text: "gone", backOff: nil)) {
                try await ben.session.previewGroup(code: code)
            }
            try await world.sandbox.letAdd(self.cy, false)
            _ = try await cy.session.leave([group])
            _ = try await change(ada, .leave)
            let result = try #require(try await ada.session.change(.add, [cy.jid], in: group).first)
            #expect(result.error == 403)
            let offer = try #require(result.invitation)
            try await cy.session.accept(
                GroupInvitation(group: group, code: offer.code, expiration: offer.expiration, inviter: ada.lid)
            )
            #expect(try await world.sandbox.group(group.user).members.map(\.number).contains(self.cy))
        }
    }

    @Test func descriptionsAndCommunities() async throws {
        try await run { _, ada, ben, _ in
            let community = try await ada.session.createGroup(
                GroupCreation(subject: "All", place: .community(subgroupsAskApproval: false))
            ).group.jid
            let group = try await ada.session.createGroup(
                GroupCreation(subject: "Harbour", members: [GroupInvitee(jid: ben.jid)])
            ).group.jid
            for text in ["Boats", "Ships", nil] as [String?] {
                try await ada.session.setDescription(text, of: group)
                try await eventually { try await ada.session.metadata(of: group).description?.text == text }
            }
            #expect(try await ada.session.link([group], to: community).map(\.error) == [nil])
            #expect(try await ada.session.subgroups(of: community).count == 2)
            #expect(try await ada.session.members(ofAllGroupsIn: community).map(\.jid) == [ada.lid, ben.lid])
            #expect(try await ada.session.unlink([group], from: community).map(\.error) == [nil])
            try await ada.session.deactivate(community)
            #expect(try await ada.session.participatingGroups().map(\.jid) == [group])
        }
    }

    private func questions(_ world: SandboxWorld) async throws -> Int {
        try await world.sandbox.recentStanzas().count { $0.contains("<query") && $0.contains("w:g2") }
    }

    @Test func groupIsAskedForOnceAndKnownAfterARestart() async throws {
        try await run { world, ada, ben, _ in
            let made = try await world.sandbox.createGroup(
                NewGroup(subject: "Harbour", owner: SandboxWorld.number, members: [self.ben])
            )
            let jid = try #require(JID(made.jid))
            _ = try await created(ben)
            await ben.session.dropGroup(jid)
            let before = try await questions(world)
            let groups = try await withThrowingTaskGroup(of: GroupMetadata.self) { group in
                for _ in 0..<20 { group.addTask { try await ben.session.metadata(of: jid) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(groups.count == 20 && Set(groups.map(\.subject)) == ["Harbour"])
            #expect(try await questions(world) == before + 1)
            await ben.session.stop()
            let credentials = try #require(try await ben.store.credentials())
            let again = try await RunningSession.start(credentials, in: world, store: ben.store)
            #expect(try await again.session.metadata(of: jid).members.count == 2)
            #expect(try await questions(world) == before + 1)
            await again.session.handleDirtyGroups()
            #expect(try await again.session.metadata(of: jid).members.count == 2)
            #expect(try await questions(world) == before + 2)
            await again.session.stop()
        }
    }

    @Test func groupsByPhoneNumberWorkToo() async throws {
        try await run { world, ada, ben, cy in
            let made = try await world.sandbox.createGroup(
                NewGroup(
                    subject: "Harbour",
                    owner: SandboxWorld.number,
                    members: [self.ben, self.cy],
                    usesLIDs: false
                )
            )
            let jid = try #require(JID(made.jid))
            for person in [ada, ben, cy] { #expect(try await created(person).addressingMode == .phoneNumber) }
            _ = try await ada.send("one", to: jid)
            try await eventually { ben.texts == ["one"] && cy.texts == ["one"] }
            _ = try await cy.send("two", to: jid)
            try await eventually { ben.texts == ["one", "two"] && ada.texts == ["two"] }
            #expect(await ben.session.counters.decryptFailures == 0)
        }
    }

    @Test func memberWhoLeftWhileNobodyLookedEndsTheKey() async throws {
        try await run { world, ada, ben, cy in
            let made = try await world.sandbox.createGroup(
                NewGroup(subject: "Harbour", owner: SandboxWorld.number, members: [self.ben, self.cy])
            )
            let jid = try #require(JID(made.jid))
            for person in [ada, ben, cy] { _ = try await created(person) }
            _ = try await ben.send("one", to: jid)
            try await eventually { cy.texts == ["one"] }
            let key = try #require(try await ben.store.load(.ownSenderKey, jid.description))
            // As after a notification that was lost in a crash: the store still names Cy.
            let record = try #require(try await ben.store.load(.group, jid.description))
            await ben.session.stop()
            _ = try await world.sandbox.changeMembers(.remove, [self.cy], of: made.id, by: SandboxWorld.number)
            let credentials = try #require(try await ben.store.credentials())
            let again = try await RunningSession.start(credentials, in: world, store: ben.store)
            // It came with the backlog, before or after the word that this was all.
            try await eventually {
                again.events.contains { event in
                    guard case .group(let event) = event, case .members(.remove, _, _) = event.kind else {
                        return false
                    }
                    return true
                }
            }
            await again.session.stop()
            var batch = StoreBatch()
            batch.put(.group, jid.description, record)
            batch.put(.ownSenderKey, jid.description, key)
            _ = try await ben.store.commit(batch)
            let third = try await RunningSession.start(
                try #require(try await ben.store.credentials()),
                in: world,
                store: ben.store
            )
            await third.session.dropGroup(jid)
            #expect(try await third.session.metadata(of: jid).members.count == 2)
            try await eventually { try await ben.store.load(.ownSenderKey, jid.description) == nil }
            await third.session.stop()
        }
    }
}
