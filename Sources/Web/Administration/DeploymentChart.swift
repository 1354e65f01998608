internal import Bots
internal import Foundation

/// Pictures of what became of bots, day by day.
enum DeploymentChart {
    /// What is drawn; the table has the rest.
    private static let kinds = ["created", "approved", "expired", "churned"]

    static func all(_ counts: [DeploymentCount], since start: Date, days: Int, strings: Strings) -> [UsageChart] {
        let dates = (0..<days).map { start.addingTimeInterval(Double($0) * 86_400) }
        let names = dates.map { $0.formatted(.iso8601.year().month().day()) }
        return kinds.map { kind in
            var values: [String: Int] = [:]
            for count in counts where count.kind == kind { values[count.day, default: 0] += count.count }
            return UsageChart(
                id: kind,
                title: strings("admin_bots.deployments.\(kind)"),
                counts: zip(dates, names).map { (strings.day($0), values[$1] ?? 0) },
                span: strings.counted("time.days", days),
                strings: strings
            )
        }
    }
}
