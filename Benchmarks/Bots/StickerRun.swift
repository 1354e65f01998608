import Foundation
import Logging
import MediaTools
import Synchronization

/// Stickers made of one picture, again and again.
struct StickerRun {
    private let tools = MediaTools(
        runner: ToolRunner(logger: Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() })
    )
    private let picture: [UInt8]

    /// A picture as a phone sends it, of 1,600 by 1,200 pixels.
    init(folder: String) throws {
        let file = "\(folder)/picture.jpg"
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/ffmpeg")
        process.arguments = [
            "-loglevel", "error", "-y", "-f", "lavfi", "-i", "mandelbrot=size=1600x1200", "-frames:v", "1", file,
        ]
        try process.run()
        process.waitUntilExit()
        picture = Array(try Data(contentsOf: URL(filePath: file)))
    }

    /// One after the other, in seconds each.
    func make(_ count: Int, for key: String = "bench") async throws -> [Double] {
        var times: [Double] = []
        for _ in 0..<count {
            let start = ContinuousClock.now
            _ = try await tools.sticker(from: picture, for: key)
            times.append((ContinuousClock.now - start).seconds)
        }
        return times
    }

    /// So many at once, until the task is cancelled; how long each took.
    func makeOnAndOn(atOnce width: Int) async -> [Double] {
        await withTaskGroup(of: [Double].self) { group in
            for lane in 0..<width {
                group.addTask {
                    var times: [Double] = []
                    while !Task.isCancelled {
                        if let time = try? await make(1, for: "bot \(lane)") { times += time }
                    }
                    return times
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
    }
}
