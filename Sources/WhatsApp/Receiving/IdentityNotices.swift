internal import Foundation
internal import WhatsAppWire

/// Whose identity the service has said lately to be another, so that the same notice counts once.
struct IdentityNotices {
    /// What comes again within so many seconds is a repeat, as WhatsApp Web has it.
    static let interval: TimeInterval = 5
    static let limit = 512

    private var times: [JID: Date] = [:]

    /// Whether nothing was said of the person, by whichever name, a moment ago.
    mutating func isFirst(of names: some Sequence<JID>, at now: Date) -> Bool {
        times = times.filter { (0..<Self.interval).contains(now.timeIntervalSince($0.value)) }
        if times.count >= Self.limit { times = [:] }
        let isRepeat = names.contains { times[$0.withoutDevice] != nil }
        if !isRepeat { for name in names { times[name.withoutDevice] = now } }
        return !isRepeat
    }
}
