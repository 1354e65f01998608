import Testing
import WharfTestSupport
import WhatsAppSandbox
import WhatsAppWire

@testable import WhatsApp

/// Every setting of a group, every way into one, and communities.
@Suite(.timeLimit(.minutes(4)))
struct GroupRuleTests {
    private func run(
        _ body: (SandboxWorld, RunningSession, RunningSession, RunningSession) async throws -> Void
    ) async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            let cy = try await world.person("15550003333", name: "Cy")
            try await body(world, ada, bob, cy)
            await cy.session.stop()
        }
    }

    private func settings(_ running: RunningSession, of group: JID) -> [GroupSetting] {
        running.groupEvents.compactMap { event in
            guard event.group == group, case .setting(let setting) = event.kind else { return nil }
            return setting
        }
    }

    @Test func everySettingIsToldAndKept() async throws {
        try await SandboxWorld.withTwo { _, ada, bob in
            let group = try await ada.harbour(with: [bob])
            let switches: [(Bool) -> GroupSetting] = [
                { .announcement($0) }, { .locked($0) }, { .adminsAdd($0) }, { .adminsLink($0) },
                { .adminsShareHistory($0) }, { .joinApproval($0) }, { .history($0) }, { .frequentlyForwarded(!$0) },
                { .adminReports($0) }, { .ephemeral(seconds: $0 ? 604_800 : 0) },
            ]
            for isOn in [true, false] {
                for setting in switches { try await ada.session.set(setting(isOn), of: group) }
                let all = switches.map { $0(isOn) }
                try await eventually { settings(bob, of: group).suffix(all.count) == all[...] }
                // What was told has led to what the service says when it is asked.
                let told = try await bob.session.metadata(of: group)
                await bob.session.dropGroup(group)
                let asked = try await bob.session.metadata(of: group)
                #expect(told.flags.subtracting(.outdated) == asked.flags)
                #expect(told.ephemeralExpiration == asked.ephemeralExpiration)
                #expect(asked.ephemeralExpiration == (isOn ? 604_800 : 0))
                #expect(asked.has(.announcement) == isOn && asked.has(.locked) == isOn)
            }
            for wrong in [GroupSetting.ephemeral(seconds: 5), .limitedSharing(true)] {
                await #expect(throws: RequestError.self) { try await ada.session.set(wrong, of: group) }
            }
            await #expect(throws: RequestError.refused(code: 403, text: "forbidden", backOff: nil)) {
                try await bob.session.set(.announcement(true), of: group)
            }
        }
    }

    /// In an announcement group whoever is no admin is refused; a timer of the group goes into its messages.
    @Test func settingsHoldForMessages() async throws {
        try await SandboxWorld.withTwo { _, ada, bob in
            let group = try await ada.harbour(with: [bob])
            try await ada.session.set(.announcement(true), of: group)
            try await ada.session.set(.ephemeral(seconds: 86_400), of: group)
            try await eventually { settings(ada, of: group).count == 2 }
            await #expect(throws: SendError.refused(code: 403)) { _ = try await bob.send("may I?", to: group) }
            _ = try await ada.session.send(OutgoingMessage(.text(OutgoingText("hear"))), to: group)
            try await eventually { bob.texts == ["hear"] }
            #expect(MessageContent(try #require(bob.messages.first).message).expiration == 86_400)
            _ = try await ada.session.change(.promote, [bob.lid], in: group)
            _ = try await bob.send("aye", to: group)
            try await eventually { ada.texts == ["aye"] }
        }
    }

    @Test func invitationsAreWithdrawnAndRequestsTurnedDown() async throws {
        try await run { world, ada, bob, cy in
            let group = try await ada.harbour(with: [bob])
            try await ada.session.acknowledge(group)
            try await world.sandbox.letAdd(cy.jid.user, false)
            let result = try #require(try await ada.session.change(.add, [cy.jid], in: group).first)
            let offer = try #require(result.invitation)
            let invitation = GroupInvitation(
                group: group,
                code: offer.code,
                expiration: offer.expiration,
                inviter: ada.lid
            )
            #expect(try await cy.session.preview(invitation).subject == "Harbour")
            try await ada.session.withdrawInvitations(of: [cy.lid], to: group)
            await #expect(throws: RequestError.self) { try await cy.session.accept(invitation) }

            try await ada.session.set(.joinApproval(true), of: group)
            let code = try await ada.session.inviteCode(of: group)
            #expect(try await cy.session.joinGroup(code: code) == .requested(group))
            try await cy.session.cancelJoinRequest(in: group)
            #expect(try await ada.session.joinRequests(of: group).isEmpty)
            #expect(try await cy.session.joinGroup(code: code) == .requested(group))
            #expect(try await ada.session.decide(isApproved: false, [cy.lid], in: group).map(\.error) == [nil])
            try await eventually {
                let withdrawn = ada.groupEvents.filter {
                    if case .joinRequestsRevoked([cy.lid]) = $0.kind { true } else { false }
                }
                return withdrawn.count == 2
            }
            #expect(try await ada.session.metadata(of: group).members.count == 2)

            let stranger = JID(user: "120363999999999999", server: .group)
            let found = try await ada.session.lookUp([group, stranger])
            #expect(found.count == 2)
            guard case .found(let known) = found[0], case .refused(stranger, code: 404) = found[1] else {
                return #expect(Bool(false), "\(found)")
            }
            #expect(known.jid == group)
        }
    }

    @Test func aCommunityFromItsBeginningToItsEnd() async throws {
        try await run { world, ada, bob, cy in
            let community = try await ada.session.createGroup(
                GroupCreation(subject: "Town", place: .community(subgroupsAskApproval: false))
            ).group.jid
            let harbour = try await ada.session.createGroup(
                GroupCreation(
                    subject: "Harbour",
                    members: [GroupInvitee(jid: bob.jid)],
                    place: .subgroup(of: community)
                )
            ).group.jid
            #expect(try await ada.session.metadata(of: harbour).parent == community)
            let market = try await ada.harbour(with: [cy])
            #expect(try await ada.session.link([market], to: community).map(\.error) == [nil])
            try await eventually {
                cy.groupEvents.contains { event in
                    guard event.group == market, case .linked(.parent, let groups) = event.kind else { return false }
                    return groups.map(\.jid) == [community]
                }
            }
            let subgroups = try await cy.session.subgroups(of: community)
            #expect(Set(subgroups.map(\.jid)).isSuperset(of: [harbour, market]))
            let announcements = try #require(subgroups.first { $0.isDefault }).jid
            // Who joins one group of it belongs to the community, and reads its announcements.
            #expect(try await cy.session.linkedGroup(harbour, of: community).subject == "Harbour")
            #expect(try await cy.session.joinSubgroup(harbour, of: community) == .joined(harbour))
            try await eventually { ada.groupEvents.contains { $0.group == harbour && $0.kind.isAdd(of: cy.lid) } }
            _ = try await ada.send("to all of you", to: announcements)
            try await eventually { cy.texts == ["to all of you"] && bob.texts == ["to all of you"] }
            await #expect(throws: SendError.refused(code: 403)) { _ = try await cy.send("me too", to: announcements) }
            await #expect(throws: SendError.refused(code: 403)) { _ = try await ada.send("no chat", to: community) }
            let everybody = try await ada.session.members(ofAllGroupsIn: community)
            #expect(Set(everybody.map(\.jid)) == [ada.lid, bob.lid, cy.lid])
            // Out of one is out of all.
            let results = try await ada.session.change(.remove, [cy.lid], in: community, linkedGroups: true)
            #expect(results.map(\.error) == [nil])
            #expect(try await ada.session.metadata(of: harbour).members.map(\.jid).contains(cy.lid) == false)
            let left = try await ada.session.unlink([market], from: community, removeOrphans: true)
            #expect(left.map(\.error) == [nil])
            try await ada.session.deactivate(community)
            try await eventually { bob.groupEvents.contains { $0.group == community && $0.kind.isEnd } }
            #expect(Set(try await ada.session.participatingGroups().map(\.jid)) == [harbour, market])
            _ = try await bob.send("still here", to: harbour)
            try await eventually { ada.texts == ["still here"] }
        }
    }
}

extension GroupEvent.Kind {
    fileprivate func isAdd(of jid: JID) -> Bool {
        if case .members(.add, let members, _) = self { members.contains { $0.jid == jid } } else { false }
    }

    fileprivate var isEnd: Bool {
        if case .deleted = self { true } else { false }
    }
}

extension RunningSession {
    fileprivate var groupEvents: [GroupEvent] {
        events.compactMap { if case .group(let event) = $0 { event } else { nil } }
    }
}
