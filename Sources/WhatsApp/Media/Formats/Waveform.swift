/// The picture of a voice note: 64 values from 0 to 100.
package enum Waveform {
    package static let count = 64

    /// From decoded samples of one channel: the mean of the absolute values of each 64th part, against the loudest.
    ///
    /// Silence and no samples at all give zeros.
    package static func make(from samples: some RandomAccessCollection<Float>) -> [UInt8] {
        let total = samples.count
        guard total > 0 else { return [UInt8](repeating: 0, count: count) }
        let means = (0..<count).map { part -> Float in
            let start = total * part / count
            let end = max(start + 1, total * (part + 1) / count)
            let from = samples.index(samples.startIndex, offsetBy: min(start, total - 1))
            let to = samples.index(samples.startIndex, offsetBy: min(end, total))
            let sum = samples[from..<to].reduce(Float(0)) { $1.isFinite ? $0 + abs($1) : $0 }
            return sum / Float(samples.distance(from: from, to: to))
        }
        guard let loudest = means.max(), loudest > 0, loudest.isFinite else {
            return [UInt8](repeating: 0, count: count)
        }
        return means.map { UInt8(min(100, max(0, ($0 / loudest * 100).rounded(.down)))) }
    }

    /// As above, from 16-bit samples.
    package static func make(from samples: some RandomAccessCollection<Int16>) -> [UInt8] {
        make(from: samples.lazy.map { Float($0) / 32_768 })
    }
}
