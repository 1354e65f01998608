import Foundation

/// What the kernel says about this process, under the names that Prometheus clients use.
enum ProcessMetrics {
    static func render() -> String {
        var text = ""
        func add(_ name: String, _ kind: String, _ value: String) {
            text += "# TYPE \(name) \(kind)\n\(name) \(value)\n"
        }
        // The second field is the program's name in brackets and may hold anything; the third begins behind it.
        let fields = contents("/proc/self/stat").map {
            $0[($0.lastIndex(of: ")") ?? $0.startIndex)...].split(separator: " ")
        }
        if let fields, fields.count > 22 {
            let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
            if let user = Double(fields[12]), let system = Double(fields[13]) {
                add("process_cpu_seconds_total", "counter", "\((user + system) / ticks)")
            }
            if let started = Double(fields[20]), let boot = bootTime() {
                add("process_start_time_seconds", "gauge", "\(boot + started / ticks)")
            }
            add("process_threads", "gauge", "\(fields[18])")
            add("process_virtual_memory_bytes", "gauge", "\(fields[21])")
            if let pages = Int(fields[22].trimmingCharacters(in: .whitespacesAndNewlines)) {
                add("process_resident_memory_bytes", "gauge", "\(pages * sysconf(Int32(_SC_PAGESIZE)))")
            }
        }
        if let count = openDescriptors() { add("process_open_fds", "gauge", "\(count)") }
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            add("process_max_fds", "gauge", "\(limit.rlim_cur)")
        }
        return text
    }

    private static func contents(_ path: String) -> String? {
        guard let file = FileHandle(forReadingAtPath: path), let bytes = try? file.readToEnd() else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func bootTime() -> Double? {
        contents("/proc/stat")?.split(separator: "\n").first { $0.hasPrefix("btime ") }
            .flatMap { Double($0.dropFirst(6)) }
    }

    private static func openDescriptors() -> Int? {
        // One of them is the listing's own.
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")).map { $0.count - 1 }
    }
}
