package import CoreMetrics
import Synchronization

/// Keeps the process's metrics and writes them in Prometheus' text format.
///
/// A label such as `session.connect.duration` becomes `session_connect_duration_seconds` for a timer; counters end in
/// `_total`. The number of names and of label sets for each name is bounded: what goes beyond is gathered in one series with
/// `overflow="true"`.
package final class PrometheusRegistry: MetricsFactory, Sendable {
    enum Kind: String {
        case counter
        case gauge
        case histogram
    }

    enum Series {
        case count(CountSeries)
        case gauge(GaugeSeries)
        case histogram(HistogramSeries)

        var object: AnyObject {
            switch self {
            case .count(let series): series
            case .gauge(let series): series
            case .histogram(let series): series
            }
        }
    }

    struct Family {
        let kind: Kind
        var series: [LabelSet: Series] = [:]
    }

    /// The most label sets of one name.
    static let seriesLimit = 500
    /// The most names.
    static let familyLimit = 2_000

    private let families = Mutex<[String: Family]>([:])

    package init() {}

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        counter(label, dimensions)
    }

    package func makeFloatingPointCounter(
        label: String,
        dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        counter(label, dimensions)
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        gauge(label, dimensions)
    }

    package func makeRecorder(
        label: String,
        dimensions: [(String, String)],
        aggregate: Bool
    ) -> any RecorderHandler {
        if !aggregate { return gauge(label, dimensions) }
        return histogram(MetricName.plain(label), dimensions, HistogramSeries.amounts)
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        histogram(MetricName.ending(label, in: "_seconds"), dimensions, HistogramSeries.durations)
    }

    package func destroyCounter(_ handler: any CounterHandler) { remove(handler) }
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { remove(handler) }
    package func destroyMeter(_ handler: any MeterHandler) { remove(handler) }
    package func destroyRecorder(_ handler: any RecorderHandler) { remove(handler) }
    package func destroyTimer(_ handler: any TimerHandler) { remove(handler) }

    /// All metrics of the process, with those of the process itself.
    package func render() -> String {
        let families = families.withLock { $0 }
        var text = ""
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            text += "# TYPE \(name) \(family.kind.rawValue)\n"
            for (labels, series) in family.series.sorted(by: { $0.key.text < $1.key.text }) {
                switch series {
                case .count(let series): text += "\(name)\(labels.text) \(number(series.value))\n"
                case .gauge(let series): text += "\(name)\(labels.text) \(number(series.value))\n"
                case .histogram(let series): text += render(series, name, labels)
                }
            }
        }
        return text + ProcessMetrics.render()
    }

    private func render(_ series: HistogramSeries, _ name: String, _ labels: LabelSet) -> String {
        let snapshot = series.snapshot
        var text = ""
        var total: UInt64 = 0
        for (bound, count) in zip(series.bounds.map(number) + ["+Inf"], snapshot.counts) {
            total += count
            text += "\(name)_bucket\(labels.adding("le", bound).text) \(total)\n"
        }
        text += "\(name)_sum\(labels.text) \(number(snapshot.sum))\n"
        text += "\(name)_count\(labels.text) \(total)\n"
        return text
    }

    private func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        guard let whole = Int64(exactly: value) else { return "\(value)" }
        return "\(whole)"
    }

    // MARK: Finding and making series

    private func counter(_ label: String, _ dimensions: [(String, String)]) -> CountSeries {
        let series = find(MetricName.ending(label, in: "_total"), .counter, dimensions) { .count(CountSeries()) }
        guard case .count(let series) = series else { return CountSeries() }
        return series
    }

    private func gauge(_ label: String, _ dimensions: [(String, String)]) -> GaugeSeries {
        let series = find(MetricName.plain(label), .gauge, dimensions) { .gauge(GaugeSeries()) }
        guard case .gauge(let series) = series else { return GaugeSeries() }
        return series
    }

    private func histogram(
        _ name: String,
        _ dimensions: [(String, String)],
        _ bounds: [Double]
    ) -> HistogramSeries {
        let series = find(name, .histogram, dimensions) { .histogram(HistogramSeries(bounds: bounds)) }
        guard case .histogram(let series) = series else { return HistogramSeries(bounds: bounds) }
        return series
    }

    /// The series of this name and these labels; nil where the name is of another kind or there are too many names.
    private func find(
        _ name: String,
        _ kind: Kind,
        _ dimensions: [(String, String)],
        make: () -> Series
    ) -> Series? {
        var labels = LabelSet(dimensions)
        return families.withLock { families in
            guard families[name] != nil || families.count < Self.familyLimit else { return nil }
            var family = families[name] ?? Family(kind: kind)
            guard family.kind == kind else { return nil }
            if let series = family.series[labels] { return series }
            if family.series.count >= Self.seriesLimit {
                labels = .overflow
                if let series = family.series[labels] { return series }
            }
            let series = make()
            family.series[labels] = series
            families[name] = family
            return series
        }
    }

    private func remove(_ handler: AnyObject) {
        families.withLock { families in
            for (name, family) in families {
                guard let labels = family.series.first(where: { $0.value.object === handler })?.key else { continue }
                families[name]?.series[labels] = nil
                if family.series.count == 1 { families[name] = nil }
                return
            }
        }
    }
}
