import Foundation
import Logging

@testable import MediaTools

/// Media made for tests, by ffmpeg's own sources.
enum TestMedia {
    static let runner = ToolRunner(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    static let tools = MediaTools(runner: runner)

    static func make(_ source: String, _ options: [String], _ result: String) async throws -> [UInt8] {
        var order = ToolOrder(
            "/usr/bin/ffmpeg",
            ["-v", "error", "-f", "lavfi", "-i", source] + options + [ToolOrder.place(of: result)]
        )
        order.output = .file(result)
        return try await runner.run(order, for: "test")
    }

    static func picture(_ width: Int, _ height: Int, _ kind: String = "jpg") async throws -> [UInt8] {
        try await make("testsrc=size=\(width)x\(height)", ["-frames:v", "1"], "picture.\(kind)")
    }

    static func video(seconds: Int = 1, _ kind: String = "mp4") async throws -> [UInt8] {
        let sound = kind == "gif" ? [] : ["-f", "lavfi", "-i", "sine=frequency=440:duration=\(seconds)"]
        return try await make(
            "testsrc=size=160x90:rate=8:duration=\(seconds)",
            sound + (kind == "mp4" ? ["-pix_fmt", "yuv420p"] : []),
            "video.\(kind)"
        )
    }

    static func sound(seconds: Int = 2) async throws -> [UInt8] {
        try await make("sine=frequency=440:duration=\(seconds)", [], "sound.wav")
    }
}
