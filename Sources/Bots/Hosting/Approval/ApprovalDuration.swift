package import Foundation

/// How long an approval is good for: so many months of thirty days.
package enum ApprovalDuration: Int, Sendable, CaseIterable {
    case oneMonth = 1
    case twoMonths = 2
    case threeMonths = 3
    case sixMonths = 6
    case twelveMonths = 12

    package var days: Int { rawValue * 30 }

    package func end(after start: Date) -> Date {
        start.addingTimeInterval(Double(days) * 86_400)
    }
}
