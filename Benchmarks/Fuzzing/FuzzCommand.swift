import ArgumentParser
import Foundation

/// Feeds broken input to everything that reads bytes from outside.
///
/// Each input depends on the seed, the target and its number alone, so that one of them can be repeated by itself.
struct FuzzCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fuzz",
        abstract:
            "Feeds mutated and random bytes to the parsers; ends with an error where one gives an unsound answer.",
        discussion: """
            A trap ends the process; it names the target and the number of the input before it does. Repeat that one with
            --target NAME --first NUMBER --inputs 1 and the same seed.
            """
    )

    @Option(help: "How many inputs, over all targets.")
    var inputs = 1_000_000

    @Option(help: "What the inputs are made from; random when not given.")
    var seed: UInt64?

    @Option(help: "Only this target.")
    var target: String?

    @Option(help: "The number of the first input of each target.")
    var first = 0

    @Option(help: "Seconds that a single input may take.")
    var timeout: UInt32 = 20

    func run() throws {
        let targets = try FuzzTarget.all().filter { target == nil || $0.name == target }
        guard !targets.isEmpty else { throw ValidationError("There is no target of that name.") }
        let seed = seed ?? UInt64.random(in: 1..<1 << 32)
        Circumstances.current().report()
        report("seed:    \(seed)")
        report("")
        report("target".padded(to: 20) + "inputs    accepted  refused   unsound   slowest    seconds")

        LastInput.install(timeout: timeout)
        let shares = targets.reduce(0) { $0 + $1.share }
        var total = 0
        var unsound = 0
        for target in targets {
            let count = (inputs * target.share + shares - 1) / shares
            let tally = run(target, count: count, seed: seed)
            total += count
            unsound += tally.unsound
            report(tally.line(target.name, count: count))
        }
        report("")
        report("\(total) inputs, no trap, \(unsound) unsound answers; at most \(residentMemory()) MiB resident")
        guard unsound == 0 else { throw ExitCode.failure }
    }

    private func run(_ target: FuzzTarget, count: Int, seed: UInt64) -> Tally {
        var tally = Tally()
        let clock = ContinuousClock()
        let start = clock.now
        for number in first..<first + count {
            LastInput.set(target.name, number: number)
            var random = SplitMix(seed: target.seed(seed, number: number))
            let before = clock.now
            let outcome = target.run(&random)
            tally.slowest = max(tally.slowest, before.duration(to: clock.now))
            switch outcome {
            case .accepted: tally.accepted += 1
            case .refused: tally.refused += 1
            case .unsound(let what):
                tally.unsound += 1
                report("\(target.name), input \(number): \(what)")
            }
        }
        LastInput.clear()
        tally.time = start.duration(to: clock.now)
        return tally
    }

    /// The greatest that it was, in MiB.
    private func residentMemory() -> Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss / 1024
    }
}

/// What became of a target's inputs.
private struct Tally {
    var accepted = 0
    var refused = 0
    var unsound = 0
    var slowest = Duration.zero
    var time = Duration.zero

    func line(_ name: String, count: Int) -> String {
        name.padded(to: 20) + "\(count)".padded(to: 10) + "\(accepted)".padded(to: 10) + "\(refused)".padded(to: 10)
            + "\(unsound)".padded(to: 10) + "\((slowest.seconds * 1000).digits(1)) ms".padded(to: 11)
            + time.seconds.digits(1)
    }
}
