import Foundation
import Synchronization
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppSandbox

@testable import Fleet

@Suite(.timeLimit(.minutes(3)))
struct ListenerLaneTests {
    /// A listener that is slow for a while hears everything once it has time, in order and once.
    @Test func whatALaneHadNoRoomForIsHeardLater() async throws {
        try await SchedulerWorld.run { world in
            try await world.sandbox.createPhone(NewPhone(number: "15550002222", name: "Bob"))
            var configuration = SchedulerConfiguration.quick
            configuration.laneLimit = 4
            let slow = Listener("slow", isHeld: true)
            let quick = Listener("quick")
            var linked: SessionID?
            try await world.whileScheduling(listeners: [slow, quick], configuration: configuration) { scheduler in
                let id = try await world.link(scheduler)
                linked = id
                let texts = (1...40).map { "text \($0)" }
                for text in texts {
                    try await world.sandbox.act(.text(text), at: "15550002222", in: SchedulerWorld.number)
                }
                try await eventually { try await scheduler.counters(of: id)?.received ?? 0 >= texts.count }
                try await eventually { quick.texts.last == texts.last }
                #expect(slow.texts.count < texts.count)
                slow.release()
                try await eventually { slow.texts.count >= texts.count }
                #expect(slow.texts == texts)
                #expect(slow.numbers == slow.numbers.sorted())
                #expect(quick.texts.count == Set(quick.texts).count)

                // It has caught up: what comes now is heard at once.
                try await world.sandbox.act(.text("later"), at: "15550002222", in: SchedulerWorld.number)
                try await eventually { slow.texts.last == "later" && quick.texts.last == "later" }
            }
            // Nothing is left to be told again.
            let after = Listener("after")
            try await world.whileScheduling(listeners: [after], configuration: configuration) { scheduler in
                try await scheduler.wait(for: .working, of: try #require(linked))
                try await world.sandbox.act(.text("last"), at: "15550002222", in: SchedulerWorld.number)
                try await eventually { after.texts == ["last"] }
            }
        }
    }
}

/// Keeps the texts that it hears; one that is held stays with the first until it is released.
private final class Listener: SessionListener {
    private struct State {
        var texts: [String] = []
        var numbers: [EventNumber] = []
        var isHeld: Bool
    }

    let name: String
    private let state: Mutex<State>

    init(_ name: String, isHeld: Bool = false) {
        self.name = name
        state = Mutex(State(isHeld: isHeld))
    }

    var texts: [String] { state.withLock { $0.texts } }
    var numbers: [EventNumber] { state.withLock { $0.numbers } }

    func release() { state.withLock { $0.isHeld = false } }

    func hear(_ event: SessionEvent, number: EventNumber?, of session: RunningSession) async {
        guard case .message(let message) = event, let text = message.message.plainText, let number else { return }
        try? await eventually { self.state.withLock { !$0.isHeld } }
        guard !Task.isCancelled else { return }
        state.withLock { state in
            state.texts.append(text)
            state.numbers.append(number)
        }
    }
}
