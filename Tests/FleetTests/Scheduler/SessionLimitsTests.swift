import Foundation
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppSandbox

@testable import Fleet

/// What the service does not let an account do, for whoever asks the fleet.
@Suite(.timeLimit(.minutes(3)))
struct SessionLimitsTests {
    @Test func limitsAreToldAndKnownAfterARestart() async throws {
        try await SchedulerWorld.run { world in
            var made: SessionID?
            try await world.whileScheduling { scheduler in
                let id = try await world.link(scheduler)
                made = id
                #expect(try await scheduler.state(of: id).restrictions == SessionRestrictions())
                let notices = try await scheduler.notices(of: id)
                try await world.sandbox.setReachOutLock(true, until: 4_000_000_000, of: SchedulerWorld.number)
                try await world.sandbox.setNewChats(used: 30, total: 30, of: SchedulerWorld.number)
                for await notice in notices {
                    guard case .status(let state) = notice.kind, state.restrictions.isNewChatCapReached else {
                        continue
                    }
                    #expect(state.status == .working && state.restrictions.isReachOutLocked)
                    break
                }
            }
            try await world.whileScheduling { scheduler in
                let id = try #require(made)
                try await scheduler.wait(for: .working, of: id)
                try await eventually { try await scheduler.state(of: id).restrictions.isReachOutLocked }
                let limits = try await scheduler.state(of: id).restrictions
                #expect(limits.reachOutLockedUntil == Date(timeIntervalSince1970: 4_000_000_000))
                try await eventually { try await scheduler.state(of: id).restrictions.newChatsTotal == 30 }
                try await world.sandbox.setReachOutLock(false, of: SchedulerWorld.number)
                try await eventually { try await !scheduler.state(of: id).restrictions.isReachOutLocked }
                #expect(await scheduler.all().first?.restrictions.isNewChatCapReached == true)
            }
        }
    }
}
