import Fleet
import WhatsApp

/// Why a planned message did not go out, as a code that each reader gets in their own words.
package enum ScheduleProblem: Sendable, Equatable {
    case dailyCap(Int)
    /// WhatsApp lets the account not write to others now.
    case limited
    /// Too much waits to be sent already.
    case busy
    /// The address is nobody's.
    case chat
    /// No bot ran for a day.
    case late
    case notConnected
    /// It may have gone out nevertheless.
    case timedOut
    case noDevices
    case invalid
    case refused(Int)
    case failed

    init(_ error: SendDoor.Refusal) {
        switch error {
        case .limitedByService: self = .limited
        case .dailyCapReached(let cap): self = .dailyCap(cap)
        case .tooMany: self = .busy
        }
    }

    init(_ error: SendError) {
        switch error {
        case .notConnected, .request(.notConnected): self = .notConnected
        case .tooManyWaiting, .tooSoon: self = .busy
        case .timedOut, .request(.timedOut): self = .timedOut
        case .refused(let code), .request(.refused(let code, _, _)): self = .refused(code)
        case .noDevices: self = .noDevices
        case .invalid: self = .invalid
        case .request, .store: self = .failed
        }
    }
}

extension ScheduleProblem: RawRepresentable {
    /// Such as `late` and `refused:403`; what is not known is read as ``failed``.
    package init(rawValue: String) {
        let parts = rawValue.split(separator: ":", maxSplits: 1)
        let number = parts.count == 2 ? Int(parts[1]) : nil
        self =
            switch (parts.first, number) {
            case ("daily_cap", let cap?): .dailyCap(cap)
            case ("refused", let code?): .refused(code)
            default: Self.plain.first { $0.name == rawValue } ?? .failed
            }
    }

    package var rawValue: String { number.map { "\(name):\($0)" } ?? name }

    private static let plain: [ScheduleProblem] = [
        .limited, .busy, .chat, .late, .notConnected, .timedOut, .noDevices, .invalid,
    ]

    /// The code without what it counts.
    package var name: String {
        switch self {
        case .dailyCap: "daily_cap"
        case .limited: "limited"
        case .busy: "busy"
        case .chat: "chat"
        case .late: "late"
        case .notConnected: "not_connected"
        case .timedOut: "timed_out"
        case .noDevices: "no_devices"
        case .invalid: "invalid"
        case .refused: "refused"
        case .failed: "failed"
        }
    }

    /// The cap, or WhatsApp's code.
    package var number: Int? {
        switch self {
        case .dailyCap(let number), .refused(let number): number
        default: nil
        }
    }
}
