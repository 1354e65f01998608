import ArgumentParser
import Synchronization
import WhatsApp
import WhatsAppProtobufs
import WhatsAppSandbox
import WhatsAppWire

/// One session that writes to a large group, whose members have several devices each.
struct GroupBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "group",
        abstract: "Processor time of a session for the first message to a large group, and for the next ones."
    )

    @Option(help: "Members of the group, the writer with them.")
    var members = 256

    @Option(help: "Devices of each member: a phone and its companions.")
    var devices = 3

    @Option(help: "Messages after the first.")
    var messages = 200

    @Option(help: "Runs of which the median counts, each with a group of its own.")
    var runs = 5

    func run() async throws {
        Circumstances.current().report()
        report(
            "\(members) members with \(devices) devices each; median of \(runs) runs; processor time of the session's own thread"
        )
        var first: [Double] = []
        var firstWait: [Double] = []
        var next: [Double] = []
        var all: [Double] = []
        for _ in 0..<runs {
            let figures = try await measure(withReceipts: false)
            first.append(figures.first)
            firstWait.append(figures.wait)
            next.append(figures.next)
            all.append(try await measure(withReceipts: true).next)
        }
        report("first message".padded(to: 56) + milliseconds(first))
        report("first message, by the clock, until the server has it".padded(to: 56) + milliseconds(firstWait))
        report("next messages".padded(to: 56) + milliseconds(next))
        report("next messages, each with the receipts of all".padded(to: 56) + milliseconds(all))
    }

    private func milliseconds(_ times: [Double]) -> String {
        " \((Sample(times).median * 1000).digits(2)) ms"
    }

    private struct Figures {
        /// Seconds: of the processor, but `wait` by the clock.
        var first: Double
        var wait: Double
        var next: Double
    }

    /// One group, whose members confirm what arrives, or not.
    private func measure(withReceipts: Bool) async throws -> Figures {
        let scene = try await Scene()
        let owner = "15550000001"
        let writer = try await scene.person(owner)
        // A phone and the session are there already.
        for _ in 2..<max(2, devices) { try await scene.sandbox.linkPrepared(to: owner) }
        var others: [String] = []
        for index in 1..<max(2, members) {
            let number = "1555\(1_000_000 + index)"
            _ = try await scene.sandbox.createPhone(NewPhone(number: number, sendsReceipts: withReceipts))
            for _ in 1..<max(1, devices) { try await scene.sandbox.linkPrepared(to: number) }
            others.append(number)
        }
        let group = try await scene.sandbox.createGroup(NewGroup(subject: "Large", owner: owner, members: others))
        guard let chat = JID(group.jid) else { throw ValidationError("The sandbox made no group.") }

        let start = ContinuousClock.now
        let before = try await writer.time()
        try await write(0, from: writer, to: chat)
        let first = try await writer.time() - before
        let wait = (ContinuousClock.now - start).seconds
        let count = max(1, messages)
        if withReceipts { try await receipts(others.count, at: writer) }
        let middle = try await writer.time()
        for number in 1...count { try await write(number, from: writer, to: chat) }
        if withReceipts { try await receipts(others.count * (count + 1), at: writer) }
        let next = (try await writer.time() - middle) / Double(count)
        await scene.end()
        return Figures(first: first, wait: wait, next: next)
    }

    private func receipts(_ count: Int, at writer: BenchmarkedSession) async throws {
        while writer.receipts.withLock({ $0 }) < count { try await Task.sleep(for: .milliseconds(1)) }
    }

    private func write(_ number: Int, from writer: BenchmarkedSession, to chat: JID) async throws {
        var message = WAMessage()
        message.conversation = "message number \(number) of a benchmark"
        _ = try await writer.session.send(message, to: chat)
    }
}
