import Database
import Foundation
import Synchronization
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppProtobufs
import WhatsAppSandbox
import WhatsAppWire

@testable import Fleet

/// How runs end that nobody here has asked to, and what is let go of when nothing happens.
@Suite(.timeLimit(.minutes(3)))
struct SessionEndingTests {
    @Test func idleSessionsAreStoppedAndStaySo() async throws {
        try await SchedulerWorld.run { world in
            var configuration = SchedulerConfiguration.quick
            configuration.stopIdleAfter = .milliseconds(200)
            configuration.lookAfter = .milliseconds(100)
            var made: SessionID?
            try await world.whileScheduling(configuration: configuration) { scheduler in
                let id = try await scheduler.create("one")
                made = id
                let notices = try await scheduler.notices(of: id)
                try await scheduler.start(id)
                for await notice in notices {
                    guard case .qr(let qr, _, _) = notice.kind else { continue }
                    try await world.sandbox.scan(qr, with: SchedulerWorld.number)
                    break
                }
                try await scheduler.wait(for: .stopped, of: id)
                let state = try await scheduler.state(of: id)
                #expect(state.reason == "idle")
                #expect(!state.isWanted)
                #expect(state.isParked)
                #expect(try await world.count("session_credentials") == 1)
                try await eventually {
                    try await scheduler.log(of: id, last: 10).contains { $0.text.hasPrefix("Nothing has come in") }
                }
            }
            // However long it was away: whoever starts it is given time, and so is one that comes back by itself.
            try await world.database.execute(
                "UPDATE sessions SET active_at = now() - interval '1 year', is_wanted = true"
            )
            configuration.stopIdleAfter = .seconds(86_400)
            try await world.whileScheduling(configuration: configuration) { scheduler in
                let id = try #require(made)
                try await scheduler.wait(for: .working, of: id)
                await scheduler.lookAtAll()
                #expect(try await scheduler.state(of: id).isWanted)
            }
        }
    }

    @Test func aCodeThatNobodyScansIsTakenAway() async throws {
        try await SchedulerWorld.run { world in
            var configuration = SchedulerConfiguration.quick
            configuration.linkingTime = .milliseconds(300)
            try await world.whileScheduling(configuration: configuration) { scheduler in
                let id = try await scheduler.create("one")
                try await scheduler.start(id)
                try await scheduler.wait(for: .failed, of: id)
                let state = try await scheduler.state(of: id)
                #expect(state.reason == "not_scanned")
                #expect(!state.isWanted)
                try await eventually { try await world.wanted == 0 }
            }
            // A restart shows no code either.
            try await world.whileScheduling(configuration: configuration) { scheduler in
                try await eventually { await !scheduler.all().isEmpty }
                #expect(await scheduler.all().map(\.status) == [.failed])
            }
        }
    }

    /// The other client of the same device stays; a server that is started again does not throw it out.
    @Test func aSessionThatWasReplacedStaysOutAfterARestart() async throws {
        try await SchedulerWorld.run { world in
            var made: SessionID?
            try await world.whileScheduling { scheduler in
                made = try await world.link(scheduler)
                try await world.sandbox.inject(.streamError(code: nil, conflict: "replaced"))
                try await scheduler.wait(for: .failed, of: try #require(made))
            }
            let id = try #require(made)
            #expect(try await world.wanted == 1)
            try await world.whileScheduling { scheduler in
                try await eventually { await !scheduler.all().isEmpty }
                let state = try await scheduler.state(of: id)
                #expect(state.status == .failed)
                #expect(state.reason == "replaced")
                try await scheduler.start(id)
                try await scheduler.wait(for: .working, of: id)
            }
        }
    }

    /// A stop takes a while where a listener is still at something; whoever starts the session meanwhile gets it.
    @Test func aStartDuringAStopIsNotLost() async throws {
        try await SchedulerWorld.run { world in
            try await world.sandbox.createPhone(NewPhone(number: "15550002222", name: "Bob"))
            let deaf = Recorder(hears: false)
            try await world.whileScheduling(listeners: [deaf]) { scheduler in
                let id = try await world.link(scheduler)
                try await world.sandbox.act(.text("hello"), at: "15550002222", in: SchedulerWorld.number)
                try await eventually { deaf.texts == ["hello"] }
                async let stopping: Void = scheduler.stop(id)
                try await eventually { try await world.wanted == 0 }
                try await eventually { await scheduler.isStopping(id) }
                try await scheduler.start(id)
                try await stopping
                try await scheduler.wait(for: .working, of: id)
                #expect(try await scheduler.state(of: id).isWanted)
                #expect(try await world.wanted == 1)
                // And a stop after it counts again.
                try await scheduler.stop(id)
                #expect(try await scheduler.state(of: id).status == .stopped)
            }
        }
    }

    @Test func aSessionThatWasReplacedFailsAndKeepsItsKeys() async throws {
        try await SchedulerWorld.run { world in
            try await world.whileScheduling { scheduler in
                let id = try await world.link(scheduler)
                try await world.sandbox.inject(.streamError(code: nil, conflict: "replaced"))
                try await scheduler.wait(for: .failed, of: id)
                #expect(try await scheduler.state(of: id).reason == "replaced")
                #expect(try await world.count("session_credentials") == 1)
                // Whoever wants it back starts it.
                try await scheduler.start(id)
                try await scheduler.wait(for: .working, of: id)
            }
        }
    }

    @Test func aBanWithAnEndIsWaitedForAndOneWithoutFails() async throws {
        try await SchedulerWorld.run { world in
            try await world.whileScheduling { scheduler in
                let id = try await world.link(scheduler)
                try await scheduler.stop(id)
                let ban = ["code": "101", "expire": "3600"]
                try await world.sandbox.inject(.refuseLogin(reason: 402, attributes: ban))
                try await scheduler.start(id)
                try await eventually { try await scheduler.state(of: id).reason == "banned" }
                #expect(try await scheduler.state(of: id).status == .starting)
                #expect(try await scheduler.state(of: id).isWanted)

                try await scheduler.stop(id)
                try await world.sandbox.inject(.refuseLogin(reason: 402, attributes: ["code": "101"]))
                try await scheduler.start(id)
                try await scheduler.wait(for: .failed, of: id)
                #expect(try await scheduler.state(of: id).reason == "banned")
                #expect(try await world.count("session_credentials") == 1)
            }
        }
    }

    @Test func whatIsNotUsedLeavesTheMemory() async throws {
        try await SchedulerWorld.run { world in
            try await world.sandbox.createPhone(NewPhone(number: "15550002222", name: "Bob"))
            var configuration = SchedulerConfiguration.quick
            configuration.cooling = .milliseconds(200)
            try await world.whileScheduling(configuration: configuration) { scheduler in
                let id = try await world.link(scheduler)
                let session = try await scheduler.running(id)
                let to = try #require(JID("15550002222@s.whatsapp.net"))
                for text in ["first", "second"] {
                    var message = WAMessage()
                    message.conversation = text
                    _ = try await scheduler.send(message, on: id, to: to)
                    try await eventually { await session.hotRecordCount == 0 }
                }
                // Both are readable: what had gone cold was loaded again.
                try await eventually {
                    try await world.sandbox.messages(of: "15550002222").compactMap(\.text) == ["first", "second"]
                }
            }
        }
    }

    /// Events that nobody had heard out when the process stopped are told by the next one, in order and under their numbers.
    @Test func whatWasNotHeardIsToldAfterARestart() async throws {
        try await SchedulerWorld.run { world in
            try await world.sandbox.createPhone(NewPhone(number: "15550002222", name: "Bob"))
            let deaf = Recorder(hears: false)
            try await world.whileScheduling(listeners: [deaf]) { scheduler in
                _ = try await world.link(scheduler)
                for text in ["one", "two", "three"] {
                    try await world.sandbox.act(.text(text), at: "15550002222", in: SchedulerWorld.number)
                }
                // The first is never heard out; behind it the others wait.
                try await eventually { deaf.texts == ["one"] }
                try await eventually { try await world.count("messages") >= 3 }
            }
            let attentive = Recorder()
            try await world.whileScheduling(listeners: [attentive]) { scheduler in
                try await eventually { attentive.texts == ["one", "two", "three"] }
                #expect(attentive.numbers.first == deaf.numbers.first)
                #expect(attentive.numbers == attentive.numbers.sorted())
                try await world.sandbox.act(.text("four"), at: "15550002222", in: SchedulerWorld.number)
                try await eventually { attentive.texts.last == "four" }
            }
            let last = Recorder()
            try await world.whileScheduling(listeners: [last]) { scheduler in
                try await world.sandbox.act(.text("five"), at: "15550002222", in: SchedulerWorld.number)
                try await eventually { last.texts == ["five"] }
            }
        }
    }
}

extension SchedulerWorld {
    /// How many sessions come back after a restart.
    fileprivate var wanted: Int {
        get async throws {
            let row = try await database.queryOne("SELECT count(*) AS count FROM sessions WHERE is_wanted")
            return try row?.decode("count") ?? 0
        }
    }
}

extension SessionScheduler {
    fileprivate func isStopping(_ id: SessionID) -> Bool {
        if case .stopping = entries[id]?.phase { true } else { false }
    }
}

/// Keeps what it hears; one that does not hear stays with the first message until it is interrupted.
private final class Recorder: SessionListener {
    let name = "recorder"
    private let isDeaf: Bool
    private let heard = Mutex<(texts: [String], numbers: [EventNumber])>(([], []))

    init(hears: Bool = true) {
        isDeaf = !hears
    }

    var texts: [String] { heard.withLock { $0.texts } }
    var numbers: [EventNumber] { heard.withLock { $0.numbers } }

    func hear(_ event: SessionEvent, number: EventNumber?, of session: RunningSession) async {
        guard case .message(let message) = event, let text = message.message.plainText, let number else { return }
        heard.withLock { heard in
            heard.texts.append(text)
            heard.numbers.append(number)
        }
        if isDeaf { try? await Task.sleep(for: .seconds(600)) }
    }
}
