package import Foundation
package import NIOPosix
internal import Synchronization

/// Why there is no thumbnail.
package enum ThumbnailError: Error, Equatable {
    /// The program that makes them is not installed.
    case programMissing
    /// Neither a picture nor a video that is known by its first bytes.
    case unknownFormat
    /// The program ended with an error, or was stopped after its time.
    case failed(status: Int32)
    /// What it made is longer than a thumbnail may be.
    case tooLarge(limit: Int)
    case file(errno: Int32)
    case cancelled
}

/// Makes small JPEGs of pictures and videos with ffmpeg, in a process of its own with limits on time and memory.
package struct Thumbnails: Sendable {
    private let program: String
    private let folder: URL
    private let pool: NIOThreadPool
    private let gate: TransferGate
    private let timeout: TimeInterval

    private static let outputLimit = 256 << 10
    /// What is looked at to know the format.
    private static let probeLength = 64 << 10

    /// At most `concurrency` processes run at once; others wait.
    package init(
        program: String = "/usr/bin/ffmpeg",
        folder: URL = FileManager.default.temporaryDirectory,
        pool: NIOThreadPool = .singleton,
        concurrency: Int = 2,
        timeout: TimeInterval = 20
    ) {
        self.program = program
        self.folder = folder
        self.pool = pool
        self.timeout = timeout
        gate = TransferGate(limit: concurrency)
    }

    /// A JPEG whose longest side has at most so many pixels; of a video its first frame.
    package func make(of file: URL, longestSide: Int = 100) async throws(ThumbnailError) -> [UInt8] {
        let running = RunningProgram()
        do {
            return try await gate.run { () async throws(MediaError) in
                let result: Result<[UInt8], ThumbnailError>
                do {
                    result = try await withTaskCancellationHandler {
                        try await pool.runIfActive { convert(file, longestSide, running) }
                    } onCancel: {
                        running.stop()
                    }
                } catch {
                    throw .cancelled
                }
                return result
            }
            .get()
        } catch let error as ThumbnailError {
            throw error
        } catch {
            throw .cancelled
        }
    }

    /// Waits for the program.
    private func convert(
        _ file: URL,
        _ longestSide: Int,
        _ running: RunningProgram
    ) -> Result<[UInt8], ThumbnailError> {
        guard FileManager.default.isExecutableFile(atPath: program) else { return .failure(.programMissing) }
        let target = folder.appending(path: "thumbnail-\(UUID().uuidString).jpg").path
        defer { unlink(target) }
        do throws(ThumbnailError) {
            let demuxer = try Self.demuxer(of: file)
            let status = try running.run(
                program,
                Self.arguments(file.path, demuxer, longestSide, target),
                timeout: timeout
            )
            guard status == 0 else { throw .failed(status: status) }
            return .success(try Self.read(target))
        } catch {
            return .failure(error)
        }
    }

    /// The format is named and only files are opened, so that a file cannot make the program read others.
    private static func arguments(_ source: String, _ demuxer: String, _ side: Int, _ target: String) -> [String] {
        let side = min(max(side, 16), 640)
        return [
            "-nostdin", "-hide_banner", "-loglevel", "error", "-threads", "1", "-max_alloc", "268435456",
            "-protocol_whitelist", "file", "-f", demuxer, "-i", source, "-frames:v", "1", "-an",
            "-vf", "scale=\(side):\(side):force_original_aspect_ratio=decrease,format=yuvj420p",
            "-q:v", "8", "-timelimit", "20", "-f", "mjpeg", "-y", target,
        ]
    }

    private static func demuxer(of file: URL) throws(ThumbnailError) -> String {
        let head = try head(of: file)
        switch ImageFormat(head)?.kind {
        case .jpeg: return "jpeg_pipe"
        case .png: return "png_pipe"
        case .webp: return "webp_pipe"
        case .gif: return "gif"
        case nil: break
        }
        if head.dropFirst(4).prefix(4).elementsEqual("ftyp".utf8) { return "mov" }
        if head.prefix(4).elementsEqual([0x1a, 0x45, 0xdf, 0xa3]) { return "matroska" }
        throw .unknownFormat
    }

    private static func head(of file: URL) throws(ThumbnailError) -> [UInt8] {
        try contents(file.path, limit: probeLength)
    }

    private static func read(_ path: String) throws(ThumbnailError) -> [UInt8] {
        let bytes = try contents(path, limit: outputLimit + 1)
        guard bytes.count <= outputLimit else { throw .tooLarge(limit: outputLimit) }
        guard !bytes.isEmpty else { throw .failed(status: 0) }
        return bytes
    }

    private static func contents(_ path: String, limit: Int) throws(ThumbnailError) -> [UInt8] {
        do throws(MediaError) {
            let file = try OpenFile(reading: path)
            _ = try file.length()
            var bytes = [UInt8](repeating: 0, count: limit)
            var filled = 0
            while filled < limit {
                let result = bytes.withUnsafeMutableBytes { buffer in
                    let rest = UnsafeMutableRawBufferPointer(rebasing: buffer.dropFirst(filled))
                    return Result { () throws(MediaError) in try file.read(into: rest) }
                }
                let count = try result.get()
                guard count > 0 else { break }
                filled += count
            }
            return Array(bytes.prefix(filled))
        } catch .file(let number) {
            throw .file(errno: number)
        } catch {
            throw .cancelled
        }
    }
}

/// A program under way, which another thread may stop.
private final class RunningProgram: Sendable {
    private struct State {
        var process: Process?
        var isStopped = false
    }

    private let state = Mutex(State())

    /// Waits for its end; the status with which it ended.
    func run(_ program: String, _ arguments: [String], timeout: TimeInterval) throws(ThumbnailError) -> Int32 {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.environment = [:]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        let isStarted = state.withLock { state in
            guard !state.isStopped, (try? process.run()) != nil else { return false }
            state.process = process
            return true
        }
        guard isStarted else { throw state.withLock({ $0.isStopped }) ? .cancelled : .programMissing }
        let deadline = DispatchWorkItem { [weak self] in self?.terminate() }
        DispatchQueue.global().asyncAfter(deadline: .now() + timeout, execute: deadline)
        process.waitUntilExit()
        deadline.cancel()
        let isStopped = state.withLock { state in
            state.process = nil
            return state.isStopped
        }
        guard !isStopped else { throw .cancelled }
        return process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    }

    func stop() {
        state.withLock { $0.isStopped = true }
        terminate()
    }

    /// A child has the signals blocked that the thread of its start has; this one cannot be.
    private func terminate() {
        state.withLock { state in
            if let process = state.process, process.isRunning { kill(process.processIdentifier, SIGKILL) }
        }
    }
}
