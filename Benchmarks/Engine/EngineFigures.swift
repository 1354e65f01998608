/// What one run of the benchmark found.
struct EngineFigures: Codable {
    /// Milliseconds.
    struct Latency: Codable {
        var p50 = 0.0
        var p99 = 0.0
    }

    /// Seconds until all sessions were back.
    var restart = 0.0
    /// KiB a session.
    var memory = 0.0
    /// Microseconds of processor time of the process, a message.
    var cost = 0.0
    /// The same of the process that makes the load.
    var loadCost = 0.0
    var received = Latency()
    var answered = Latency()
    var missing = 0
    var doubled = 0

    static func medians(_ all: [EngineFigures]) -> [(name: String, median: String)] {
        func median(_ value: (EngineFigures) -> Double) -> Double { Sample(all.map(value)).median }
        return [
            ("all sessions back", "\(median(\.restart).digits(2)) s"),
            ("resident memory a session", "\(median(\.memory).digits(1)) KiB"),
            ("processor time a message", "\(median(\.cost).digits(0)) µs"),
            ("processor time a message, of the load", "\(median(\.loadCost).digits(0)) µs"),
            ("sent to receipt, median", "\(median(\.received.p50).digits(1)) ms"),
            ("sent to receipt, 99 %", "\(median(\.received.p99).digits(1)) ms"),
            ("sent to answer, median", "\(median(\.answered.p50).digits(1)) ms"),
            ("sent to answer, 99 %", "\(median(\.answered.p99).digits(1)) ms"),
            ("not answered, in all runs", "\(all.map(\.missing).reduce(0, +))"),
            ("doubled, in all runs", "\(all.map(\.doubled).reduce(0, +))"),
        ]
    }
}

/// The parts of the load's last report that count.
struct FinalReport: Decodable {
    let sent: Int
    let processorTime: Double
    let acknowledged: Int
    let echoed: Int
    let doubled: Int
    let acknowledgement: EngineFigures.Latency
    let echo: EngineFigures.Latency
}
