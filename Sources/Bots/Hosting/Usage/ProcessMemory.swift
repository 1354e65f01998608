import Foundation

/// Memory of this process, and how it is laid on the sessions that run in it.
///
/// All sessions share one process, so what one of them holds cannot be measured: what the process has grown since it ran none
/// is divided among them, half of it evenly and half by their traffic of the last minutes.
struct ProcessMemory {
    private var base: Int?

    /// Bytes in memory now.
    static func resident() -> Int {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
            let pages = text.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { return 0 }
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    mutating func shares(of traffic: [BotID: Int], resident: Int) -> [BotID: Int] {
        guard !traffic.isEmpty else {
            base = resident
            return [:]
        }
        let grown = max(0, resident - min(base ?? resident, resident))
        base = min(base ?? resident, resident)
        let total = traffic.values.reduce(0, +)
        return traffic.mapValues { bytes in
            let even = Double(grown) / 2 / Double(traffic.count)
            let weighed = total > 0 ? Double(grown) / 2 * Double(bytes) / Double(total) : even
            return Int(even + weighed)
        }
    }
}
