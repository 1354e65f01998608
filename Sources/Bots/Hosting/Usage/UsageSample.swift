package import Foundation

/// What a bot did and cost within some time.
package struct UsageSample: Sendable, Equatable {
    package var received = 0
    package var sent = 0
    package var processorTime = Duration.zero
    package var bytesIn = 0
    package var bytesOut = 0
    /// The most within the time.
    package var memory = 0

    package init() {}

    package var messages: Int { received + sent }
    package var bytes: Int { bytesIn + bytesOut }

    package mutating func add(_ other: UsageSample) {
        received += other.received
        sent += other.sent
        processorTime += other.processorTime
        bytesIn += other.bytesIn
        bytesOut += other.bytesOut
        memory = max(memory, other.memory)
    }
}

/// How finely usage is kept.
package enum UsageResolution: Int, Sendable, CaseIterable {
    case minute = 1
    case hour = 2
    case day = 3

    package var seconds: Int {
        switch self {
        case .minute: 60
        case .hour: 3_600
        case .day: 86_400
        }
    }

    /// How long it is kept.
    var retention: TimeInterval {
        switch self {
        case .minute: 3 * 3_600
        case .hour: 4 * 86_400
        case .day: 400 * 86_400
        }
    }

    package func beginning(of date: Date) -> Date {
        let length = Double(seconds)
        return Date(timeIntervalSince1970: (date.timeIntervalSince1970 / length).rounded(.down) * length)
    }
}

/// A time that a chart shows.
package enum UsageSpan: String, Sendable, CaseIterable {
    case hour
    case day
    case month

    package var resolution: UsageResolution {
        switch self {
        case .hour: .minute
        case .day: .hour
        case .month: .day
        }
    }

    package var count: Int {
        switch self {
        case .hour: 60
        case .day: 24
        case .month: 30
        }
    }
}

/// One point of a chart.
package struct UsagePoint: Sendable, Equatable {
    package let at: Date
    package var sample: UsageSample
}
