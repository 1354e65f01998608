internal import Foundation

/// What a file tells of itself before anything is decoded.
package struct MediaProbe: Sendable, Equatable {
    package var seconds: Double?
    package var width: Int?
    package var height: Int?
    package var hasSound: Bool
}

extension MediaTools {
    /// Reads a file's headers.
    package func probe(_ bytes: [UInt8], for key: String) async throws(ToolError) -> MediaProbe {
        guard let format = InputFormat(bytes) else { throw .unsupportedInput }
        var order = ToolOrder(
            paths.ffprobe,
            [
                "-v", "error", "-max_alloc", "268435456", "-protocol_whitelist", "file", "-f", format.demuxer,
                "-show_entries", "format=duration:stream=codec_type,width,height", "-of", "json",
                ToolOrder.path(of: "input"),
            ]
        )
        order.inputs = [ToolOrder.Input("input", bytes)]
        order.limits = ToolLimits(wallTime: .seconds(10), outputBytes: 256 << 10)
        let output = try await runner.run(order, for: key)
        guard let report = try? JSONDecoder().decode(Report.self, from: Data(output)) else {
            throw .failed(status: 0, complaint: "")
        }
        let picture = report.streams?.first { $0.codecType == "video" }
        return MediaProbe(
            seconds: report.format?.duration.flatMap(Double.init),
            width: picture?.width,
            height: picture?.height,
            hasSound: report.streams?.contains { $0.codecType == "audio" } ?? false
        )
    }
}

private struct Report: Decodable {
    struct Stream: Decodable {
        var codecType: String?
        var width: Int?
        var height: Int?

        enum CodingKeys: String, CodingKey {
            case codecType = "codec_type"
            case width
            case height
        }
    }

    struct Format: Decodable {
        var duration: String?
    }

    var streams: [Stream]?
    var format: Format?
}
