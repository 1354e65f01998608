import Foundation
import Testing
import WharfTestSupport
import WhatsAppSandbox
import WhatsAppWire

@testable import WhatsApp

@Suite(.timeLimit(.minutes(4)))
struct AccountTests {
    /// Ada and Bob, each with one session.
    private func withTwo(
        _ body: (SandboxWorld, RunningSession, RunningSession) async throws -> Void
    ) async throws {
        try await SandboxWorld.run { world in
            let ada = try await world.person(SandboxWorld.number, name: "Ada")
            let bob = try await world.person("15550002222", name: "Bob")
            try await body(world, ada, bob)
            await ada.session.stop()
            await bob.session.stop()
        }
    }

    @Test func aboutAndPictureAreSeenByOthers() async throws {
        try await withTwo { _, ada, bob in
            try await bob.session.subscribePresence(of: ada.jid)
            try await eventually { bob.presences.contains { $0.jid == ada.jid } }
            try await ada.session.setAbout("Gone fishing")
            let id = try #require(try await ada.session.setPicture([0xff, 0xd8, 1, 2, 3]))
            try await eventually {
                bob.profiles.contains(ProfileChange(jid: ada.jid, kind: .about("Gone fishing")))
                    && bob.profiles.contains(ProfileChange(jid: ada.jid, kind: .picture(id: id)))
            }
            try await eventually { bob.store.contacts[ada.jid.description]?.about == "Gone fishing" }
            guard case .found(let picture) = try await bob.session.picture(of: ada.jid, isPreview: true) else {
                Issue.record("no picture")
                return
            }
            #expect(picture.id == id)
            #expect(try await bob.session.picture(of: ada.jid, isPreview: true, knownID: id) == .unchanged)
            let profile = try #require(try await bob.session.profiles(of: [ada.jid]).first)
            #expect(profile.about == "Gone fishing")
            #expect(profile.pictureID == id)
            try await ada.session.setPrivacy(.picture, to: .nobody)
            #expect(try await bob.session.picture(of: ada.jid, isPreview: true) == .hidden)
            try await ada.session.removePicture()
            #expect(try await ada.session.picture(of: ada.jid, isPreview: true) == .none)
        }
    }

    @Test func privacyIsSetAndRead() async throws {
        try await withTwo { _, ada, bob in
            try await ada.session.setPrivacy(.readReceipts, to: .nobody)
            let settings = try await ada.session.privacySettings()
            #expect(!settings.sendsReadReceipts)
            #expect(settings.values[.online] == .all)
            for isExcluded in [true, false] {
                let change = PrivacyExclusionChange(jid: bob.lid, phone: bob.jid, isExcluded: isExcluded)
                try await ada.session.changePrivacyExclusions(.lastSeen, [change])
                let users = try await ada.session.privacyExclusions(.lastSeen).users
                #expect(users == (isExcluded ? [bob.lid] : []))
            }
        }
    }

    @Test func blockingReachesTheOtherDevice() async throws {
        try await SandboxWorld.run { world in
            var credentials = try await world.link()
            credentials.isLIDMigrated = true
            let ada = try await RunningSession.start(credentials, in: world)
            let second = try await world.person(SandboxWorld.number, name: "Ada")
            let bob = try await world.person("15550002222", name: "Bob")
            try await ada.session.block(bob.jid)
            let blocked = try await ada.session.blocklist()
            #expect(blocked.entries.map(\.jid) == [bob.lid])
            #expect(blocked.entries.first?.phone == bob.jid)
            try await eventually {
                second.blocklists.contains(BlocklistChange(blocked: [bob.lid], unblocked: [], isReplaced: false))
            }
            try await ada.session.unblock(bob.jid)
            #expect(try await ada.session.blocklist().entries.isEmpty)
            for person in [ada, second, bob] { await person.session.stop() }
        }
    }

    @Test func numbersAreLookedUpInBatches() async throws {
        try await withTwo { world, ada, bob in
            _ = try await world.sandbox.createPhone(
                NewPhone(number: "15550003333", name: "Shop", businessName: "Bakery")
            )
            var numbers = try (0..<1_100).map { try PhoneNumber(parsing: "1666\(1_000_000 + $0)") }
            numbers[3] = try PhoneNumber(parsing: bob.jid.user)
            numbers[1_050] = try PhoneNumber(parsing: "15550003333")
            let found = try await ada.session.lookUp(numbers)
            #expect(found.map(\.number) == numbers)
            #expect(found.indices.filter { found[$0].isRegistered } == [3, 1_050])
            #expect(found[3].lid == bob.lid)
            #expect(found[1_050].verifiedName == "Bakery")
            #expect(try await ada.session.lid(of: bob.jid) == bob.lid)
            let profile = try await ada.session.businessProfile(of: JID(user: "15550003333", server: .user))
            #expect(profile?.about == "Bakery in the sandbox")
            #expect(try await ada.session.businessProfile(of: bob.jid) == nil)
        }
    }

    @Test func contactCodesNameTheirOwner() async throws {
        try await withTwo { _, ada, bob in
            let code = try await ada.session.contactCode()
            #expect(try await ada.session.contactCode() == code)
            #expect(try await bob.session.owner(ofContactCode: code).jid == ada.jid)
            let new = try await ada.session.contactCode(isRenewed: true)
            #expect(new != code)
            await #expect(throws: RequestError.refused(code: 404, text: "item-not-found", backOff: nil)) {
                try await bob.session.owner(ofContactCode: code)
            }
            try await ada.session.setDefaultTimer(.week)
        }
    }

    @Test func presenceAndTypingAreForwarded() async throws {
        try await withTwo { _, ada, bob in
            try await bob.session.subscribePresence(of: ada.jid)
            try await eventually { bob.presences.map(\.isAvailable) == [false] }
            try await ada.session.setAvailable(true)
            try await eventually { bob.presences.map(\.isAvailable) == [false, true] }
            try await ada.session.setTyping(.recording, in: bob.jid)
            try await eventually { bob.typing.map(\.state) == [.recording] }
            await ada.session.stop()
            try await eventually { bob.presences.map(\.isAvailable) == [false, true, false] }
            #expect(bob.presences.last?.lastSeen != nil)
        }
    }

    @Test func callIsToldAndRefused() async throws {
        try await withTwo { world, ada, bob in
            let call = try await world.sandbox.startCall(from: bob.jid.user, to: ada.jid.user, isVideo: true)
            try await eventually { ada.calls.contains { $0.kind == .offer && $0.callID == call.id } }
            let offer = try #require(ada.calls.first)
            #expect(offer.isVideo)
            #expect(offer.creator == bob.lid)
            try await ada.session.rejectCall(offer.callID, from: offer.creator)
            try await eventually { try await world.sandbox.call(call.id)?.state == .rejected }
            let second = try await world.sandbox.startCall(from: bob.jid.user, to: ada.jid.user)
            try await world.sandbox.endCall(second.id)
            try await eventually { ada.calls.contains { $0.kind == .terminate && $0.callID == second.id } }
        }
    }

    /// A lock ends at the time that was named, and what is stored is asked about with the next login.
    @Test func limitsEndThoughNobodySaysSo() async throws {
        try await withTwo { world, ada, _ in
            try await world.sandbox.setReachOutLock(true, until: 1_700_000_000, of: ada.jid.user)
            try await eventually { ada.restrictions.last?.isReachOutLocked == true }
            #expect(await ada.session.restrictions == SessionRestrictions())
            await ada.session.stop()
            var stale = SessionRestrictions()
            stale.isReachOutLocked = true
            stale.isNewChatCapReached = true
            stale.newChatsUsed = 30
            stale.newChatsTotal = 30
            var batch = StoreBatch()
            batch.put(.setting, "restrictions", stale.encoded())
            _ = try await ada.store.commit(batch)
            try await world.sandbox.setReachOutLock(false, of: ada.jid.user)
            let again = try await ada.again(in: world)
            // What holds as far as is known, then what the service says.
            try await eventually { again.restrictions.last?.areAny == false }
            #expect(again.restrictions.first?.isNewChatCapReached == true)
            #expect(await !again.session.restrictions.areAny)
            await again.session.stop()
        }
    }

    @Test func limitsOfTheAccountAreTold() async throws {
        try await withTwo { world, ada, _ in
            try await world.sandbox.setReachOutLock(true, until: 1_900_000_000, of: ada.jid.user)
            try await eventually { ada.restrictions.last?.isReachOutLocked == true }
            #expect(ada.restrictions.last?.reachOutLockedUntil?.timeIntervalSince1970 == 1_900_000_000)
            try await world.sandbox.setNewChats(used: 30, total: 30, of: ada.jid.user)
            try await eventually { ada.restrictions.last?.isNewChatCapReached == true }
            let asked = try await ada.session.currentRestrictions()
            #expect(asked.isReachOutLocked)
            #expect(asked.newChatsTotal == 30)
            try await world.sandbox.setReachOutLock(false, of: ada.jid.user)
            try await eventually { ada.restrictions.last?.isReachOutLocked == false }
        }
    }
}

extension RunningSession {
    var presences: [PresenceChange] {
        events.compactMap { if case .presence(let change) = $0 { change } else { nil } }
    }

    var typing: [TypingChange] {
        events.compactMap { if case .typing(let change) = $0 { change } else { nil } }
    }

    var profiles: [ProfileChange] {
        events.compactMap { if case .profile(let change) = $0 { change } else { nil } }
    }

    var blocklists: [BlocklistChange] {
        events.compactMap { if case .blocklist(let change) = $0 { change } else { nil } }
    }

    var calls: [CallEvent] {
        events.compactMap { if case .call(let event) = $0 { event } else { nil } }
    }

    var restrictions: [SessionRestrictions] {
        events.compactMap { if case .restriction(let restrictions) = $0 { restrictions } else { nil } }
    }

    var newsletterEvents: [NewsletterEvent] {
        events.compactMap { if case .newsletter(let event) = $0 { event } else { nil } }
    }
}
