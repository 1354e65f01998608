import Foundation

/// Writes a line of a result.
func report(_ line: String) {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
}

/// Where and on what a figure was measured.
struct Circumstances {
    let machine: String
    let commit: String
    let build: String

    static func current() -> Circumstances {
        Circumstances(machine: machine(), commit: commit(), build: build)
    }

    func report() {
        wharf_benchmarks.report("machine: \(machine)")
        wharf_benchmarks.report("commit:  \(commit)")
        wharf_benchmarks.report("build:   \(build)")
        wharf_benchmarks.report("date:    \(Date.now.formatted(.iso8601))")
    }

    private static var build: String {
        #if DEBUG
            "debug (figures mean nothing)"
        #else
            "release"
        #endif
    }

    private static func machine() -> String {
        let processors = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let model = processors.split(separator: "\n").first { $0.hasPrefix("model name") }?
            .split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) }
        #if arch(x86_64)
            let architecture = "x86_64"
        #elseif arch(arm64)
            let architecture = "arm64"
        #else
            let architecture = "another architecture"
        #endif
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let memory = ProcessInfo.processInfo.physicalMemory >> 20
        return "\(model ?? "unknown processor"), \(cores) cores, \(architecture), \(memory) MiB"
    }

    private static func commit() -> String {
        let git = Process()
        let output = Pipe()
        git.executableURL = URL(filePath: "/usr/bin/env")
        git.arguments = ["git", "describe", "--always", "--dirty", "--abbrev=12"]
        git.standardOutput = output
        git.standardError = FileHandle.nullDevice
        guard (try? git.run()) != nil else { return "unknown" }
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        git.waitUntilExit()
        return git.terminationStatus == 0 ? text.trimmingCharacters(in: .whitespacesAndNewlines) : "unknown"
    }
}

/// The results of several runs of one thing.
struct Sample {
    private let sorted: [Double]

    init(_ values: [Double]) {
        sorted = values.sorted()
    }

    var median: Double { quantile(0.5) }
    var least: Double { sorted.first ?? .nan }
    var greatest: Double { sorted.last ?? .nan }

    /// The value below which that share of all lies (nearest rank).
    func quantile(_ share: Double) -> Double {
        guard !sorted.isEmpty else { return .nan }
        let rank = Int((Double(sorted.count) * share).rounded(.up)) - 1
        return sorted[min(max(rank, 0), sorted.count - 1)]
    }
}

/// Runs `body` again and again for at least `duration`, and gives the seconds of processor time that one turn takes.
///
/// Processor time, so that what else the machine does counts as little as can be.
func secondsPerTurn(for duration: Duration, _ body: () throws -> Void) rethrows -> Double {
    var turns = 0
    var batch = 1
    let start = processorTime()
    while true {
        for _ in 0..<batch { try body() }
        turns += batch
        let elapsed = processorTime() - start
        if elapsed >= duration { return elapsed.seconds / Double(turns) }
        // Looking at the clock must not count.
        if elapsed < duration / 50 { batch *= 2 }
    }
}

func processorTime() -> Duration {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
}

extension Duration {
    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}

extension Double {
    /// With that many digits behind the point.
    func digits(_ count: Int) -> String {
        formatted(.number.precision(.fractionLength(count)).grouping(.never).locale(Locale(identifier: "en_US_POSIX")))
    }
}

extension String {
    func padded(to width: Int) -> String {
        count < width ? self + String(repeating: " ", count: width - count) : self
    }
}
