internal import Foundation

/// What the machine says of itself.
struct HostFigures: Sendable, Encodable, Equatable {
    var processorPercent: Double?
    var loadAverage: Double?
    var processors = 1
    var memoryTotal = 0
    var memoryUsed = 0
    var processMemory = 0
    var diskTotal = 0
    var diskUsed = 0
    /// The longest that an event loop kept somebody waiting within the last seconds, in milliseconds.
    var loopLag = 0.0
}

/// Reads `/proc`; a few files of some lines each, which the kernel makes up without waiting.
struct HostProbe {
    private var last: (busy: Double, total: Double)?

    mutating func read(folder: String) -> HostFigures {
        var figures = HostFigures()
        figures.processors = ProcessInfo.processInfo.activeProcessorCount
        if let line = Self.text("/proc/stat")?.split(separator: "\n").first {
            let ticks = line.split(separator: " ").dropFirst().compactMap { Double($0) }
            let total = ticks.prefix(8).reduce(0, +)
            let idle = ticks.count > 4 ? ticks[3] + ticks[4] : 0
            let now = (busy: total - idle, total: total)
            if let last, now.total > last.total {
                figures.processorPercent = 100 * (now.busy - last.busy) / (now.total - last.total)
            }
            last = now
        }
        figures.loadAverage = Self.text("/proc/loadavg")?.split(separator: " ").first.flatMap { Double($0) }
        let memory = Self.table("/proc/meminfo")
        figures.memoryTotal = memory["MemTotal"] ?? 0
        figures.memoryUsed = max(0, figures.memoryTotal - (memory["MemAvailable"] ?? 0))
        figures.processMemory = Self.table("/proc/self/status")["VmRSS"] ?? 0
        var disk = statvfs()
        if statvfs(folder, &disk) == 0 {
            let size = Int(disk.f_frsize)
            figures.diskTotal = size * Int(clamping: disk.f_blocks)
            figures.diskUsed = size * Int(clamping: disk.f_blocks - min(disk.f_blocks, disk.f_bfree))
        }
        return figures
    }

    /// Lines such as `MemTotal:  8000 kB`, in bytes.
    private static func table(_ path: String) -> [String: Int] {
        var values: [String: Int] = [:]
        for line in text(path)?.split(separator: "\n") ?? [] {
            let parts = line.split(whereSeparator: { $0 == ":" || $0 == " " || $0 == "\t" })
            guard parts.count >= 3, parts[2] == "kB", let value = Int(parts[1]) else { continue }
            values[String(parts[0])] = value * 1_024
        }
        return values
    }

    private static func text(_ path: String) -> String? {
        try? String(contentsOfFile: path, encoding: .utf8)
    }
}
