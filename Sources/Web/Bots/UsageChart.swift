internal import Bots
internal import Foundation

/// A small picture of what happened within a time, with the same in words.
struct UsageChart: Sendable {
    let chartTitle: String
    let chartTotal: String
    /// What the picture shows, for whoever does not see it.
    let chartSummary: String
    let chartPicture: SafeHTML
    let chartIsEmpty: Bool
    let chartID: String

    enum Measure: String, CaseIterable {
        case messages
        case memory
        case processor
        case traffic

        func value(_ sample: UsageSample, seconds: Int) -> Double {
            switch self {
            case .messages: Double(sample.messages)
            case .memory: Double(sample.memory)
            case .processor: 100 * (sample.processorTime / .seconds(seconds))
            case .traffic: Double(sample.bytes)
            }
        }

        /// Whether what lies side by side may be added up.
        var isSum: Bool { self == .messages || self == .traffic }

        func text(_ value: Double, _ strings: Strings) -> String {
            switch self {
            case .messages: strings.number(Int(value.rounded()))
            case .memory, .traffic: BotWords.bytes(Int(value.rounded()))
            case .processor:
                value < 10 && value > 0 ? "\((value * 100).rounded() / 100) %" : "\(Int(value.rounded())) %"
            }
        }
    }

    init(_ measure: Measure, _ points: [UsagePoint], span: UsageSpan, strings: Strings) {
        let seconds = span.resolution.seconds
        let values = points.map { measure.value($0.sample, seconds: seconds) }
        let most = values.max() ?? 0
        let total = measure.isSum ? values.reduce(0, +) : most
        chartID = measure.rawValue
        chartIsEmpty = most == 0
        chartTitle = strings("bots.chart.\(measure.rawValue)")
        let form = measure.isSum ? "bots.chart.in_all" : "bots.chart.at_most"
        chartTotal = strings(form, ["value": measure.text(total, strings)])
        let peak = values.firstIndex(of: most).map { points[$0].at }
        chartSummary =
            if most > 0, let peak {
                strings(
                    "bots.chart.summary",
                    [
                        "title": chartTitle, "span": strings("bots.span.\(span.rawValue)"), "total": chartTotal,
                        "peak": measure.text(most, strings), "at": strings.moment(peak),
                    ]
                )
            } else {
                strings("bots.chart.nothing", ["title": chartTitle, "span": strings("bots.span.\(span.rawValue)")])
            }
        let labels = points.map { point in
            "\(strings.moment(point.at)): \(measure.text(measure.value(point.sample, seconds: seconds), strings))"
        }
        chartPicture = Self.draw(values, most: most, top: measure.text(most, strings), labels: labels)
    }

    /// How many of something there were, by day.
    init(id: String, title: String, counts: [(day: String, count: Int)], span: String, strings: Strings) {
        let most = counts.map(\.count).max() ?? 0
        chartID = id
        chartTitle = title
        chartIsEmpty = most == 0
        let total = counts.reduce(0) { $0 + $1.count }
        chartTotal = strings("bots.chart.in_all", ["value": strings.number(total)])
        let peak = counts.first { $0.count == most }?.day ?? ""
        chartSummary =
            most == 0
            ? strings("bots.chart.nothing", ["title": title, "span": span])
            : strings(
                "bots.chart.summary",
                ["title": title, "span": span, "total": chartTotal, "peak": strings.number(most), "at": peak]
            )
        chartPicture = Self.draw(
            counts.map { Double($0.count) },
            most: Double(most),
            top: strings.number(most),
            labels: counts.map { "\($0.day): \(strings.number($0.count))" }
        )
    }

    /// Bars on a line; all of it attributes, because inline styles are not let through.
    private static func draw(_ values: [Double], most: Double, top: String, labels: [String]) -> SafeHTML {
        let (width, height) = (600.0, 120.0)
        let step = width / Double(max(values.count, 1))
        var bars = ""
        for (index, value) in values.enumerated() {
            let size = most > 0 ? max(value > 0 ? 2 : 0, value / most * (height - 4)) : 0
            guard size > 0 else { continue }
            let x = number(Double(index) * step + step * 0.12)
            bars += """
                <rect x="\(x)" y="\(number(height - size))" width="\(number(step * 0.76))" height="\(number(size))" rx="1.5">\
                <title>\(labels[index].escapedForHTML)</title></rect>
                """
        }
        let guide = most > 0 ? #"<line class="chart-guide" x1="0" x2="600" y1="4" y2="4"/>"# : ""
        return SafeHTML(
            rendered: """
                <svg class="chart" viewBox="0 0 600 121" preserveAspectRatio="none" aria-hidden="true" focusable="false">\
                \(guide)<g class="chart-bars">\(bars)</g>\
                <line class="chart-base" x1="0" x2="600" y1="120.5" y2="120.5"/></svg>
                """
        )
    }

    private static func number(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }

    static func all(_ points: [UsagePoint], span: UsageSpan, strings: Strings) -> [UsageChart] {
        Measure.allCases.map { UsageChart($0, points, span: span, strings: strings) }
    }
}
