import Synchronization
import WharfTestSupport
import WhatsApp
import WhatsAppCrypto
import WhatsAppSandbox
import WhatsAppWire

/// What somebody writes to a session that dies again and again: texts, pictures, and both in a group; and strangers who write
/// for the first time with one-time keys that run out.
final class CrashTraffic: Sendable {
    let group: JID
    private let world: SandboxWorld
    private let writer: RunningSession
    private let state = Mutex(State())
    /// Answers that are not there yet while the writer goes on.
    private static let ahead = 100
    private static let strangerPatience = Duration.seconds(120)

    private struct State {
        var sent: [String: String] = [:]
        var count = 0
        var strangers: [(number: String, text: String)] = []
        var isOver = false
    }

    private init(world: SandboxWorld, writer: RunningSession, group: JID) {
        self.world = world
        self.writer = writer
        self.group = group
    }

    /// Makes the group in which the writer is with the account of the session.
    static func begin(in world: SandboxWorld, by writer: RunningSession) async throws -> CrashTraffic {
        let other = JID(user: SandboxWorld.number, server: .user)
        let made = try await writer.session.createGroup(
            GroupCreation(subject: "Crash", members: [GroupInvitee(jid: other)])
        )
        return CrashTraffic(world: world, writer: writer, group: made.group.jid)
    }

    /// What the service has taken: texts by identifier.
    var sent: [String: String] { state.withLock { $0.sent } }
    /// Answers to the writer.
    var echoes: [String] { writer.texts.filter { $0.hasPrefix("echo:") } }
    /// The answers that there are to be in the end.
    var wanted: Set<String> {
        state.withLock { state in
            let strangers = Set(state.strangers.map(\.text))
            return Set(state.sent.values.filter { !strangers.contains($0) }.map { "echo:" + $0 })
        }
    }

    func stop() {
        state.withLock { $0.isOver = true }
    }

    /// Strangers have their answers to themselves.
    private var mayWrite: Bool {
        state.withLock { $0.sent.count - $0.strangers.count } - echoes.count < Self.ahead
    }
    private var isOver: Bool { state.withLock { $0.isOver } }

    /// Writes on and on, not too far ahead of the answers.
    func run() async throws {
        while true {
            try await eventually(within: .seconds(300)) { self.isOver || self.mayWrite }
            guard !isOver else { return }
            try await write()
        }
    }

    /// Writes the next message: every fourth in the group, every sixth with a picture.
    func write() async throws {
        let count = state.withLock { state in
            state.count += 1
            return state.count
        }
        let chat = count % 4 == 1 ? group : JID(user: SandboxWorld.number, server: .user)
        let text = "message \(count)"
        if count % 6 == 2 || count % 12 == 5 {
            let media = try await writer.session.upload(.bytes(Self.picture(count)), kind: .image)
            let image = OutgoingMessage(.image(OutgoingImage(media: media, caption: text)))
            took(try await writer.session.send(image, to: chat).id, text)
        } else {
            try await write(text, to: chat)
        }
    }

    @discardableResult
    func write(_ text: String, to chat: JID = JID(user: SandboxWorld.number, server: .user)) async throws -> String {
        let id = try await writer.send(text, to: chat).id
        took(id, text)
        return id
    }

    /// What the picture of that message is made of.
    static func picture(_ count: Int) -> [UInt8] {
        (0..<2_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ count) }
    }

    private func took(_ id: String, _ text: String) {
        state.withLock { $0.sent[id] = text }
    }

    // MARK: Strangers

    /// Somebody writes for the first time, with one of the last one-time keys.
    func strangerWrites() async throws {
        let count = state.withLock { $0.strangers.count }
        let number = "1555100\(1_000 + count)"
        let text = "stranger \(count)"
        try await world.sandbox.usePreKeys(of: SandboxWorld.number, leaving: 2)
        try await world.sandbox.createPhone(NewPhone(number: number, name: "Stranger \(count)"))
        let id = try await world.sandbox.act(.text(text), at: number, in: SandboxWorld.number)
        state.withLock { state in
            state.sent[id] = text
            state.strangers.append((number, text))
        }
    }

    /// Waits until every stranger has an answer.
    func strangersAreAnswered() async throws {
        try await eventually(within: Self.strangerPatience) {
            try await self.strangerAnswers().allSatisfy { $0 > 0 }
        }
    }

    /// How many answers each stranger has.
    func strangerAnswers() async throws -> [Int] {
        var counts: [Int] = []
        for (number, text) in state.withLock({ $0.strangers }) { counts.append(try await answers(number, text)) }
        return counts
    }

    private func answers(_ number: String, _ text: String) async throws -> Int {
        try await world.sandbox.messages(of: number).count { !$0.own && $0.text == "echo:" + text }
    }

    /// Waits until the service has one-time keys of the session again.
    func preKeysAreBack() async throws {
        try await eventually(within: Self.strangerPatience) {
            try await self.world.sandbox.devices(of: SandboxWorld.number).first?.preKeys ?? 0 > 100
        }
    }
}
