import Foundation
import Testing
import WhatsApp

@Suite(.timeLimit(.minutes(3)))
struct ThumbnailTests {
    @Test func missingProgramIsSaid() async throws {
        try await withFolder { folder in
            let thumbnails = Thumbnails(program: "/nowhere/ffmpeg", folder: folder)
            await #expect(throws: ThumbnailError.programMissing) {
                try await thumbnails.make(of: try picture(in: folder))
            }
        }
    }

    @Test func programIsGivenTheFormatAndItsOutputIsRead() async throws {
        try await withFolder { folder in
            let program = try script("for last; do :; done; echo \"$*\" > \"$last\"", in: folder)
            let made = try await Thumbnails(program: program, folder: folder).make(of: picture(in: folder))
            let arguments = String(decoding: made, as: UTF8.self)
            #expect(arguments.contains("-protocol_whitelist file -f gif -i \(folder.path)/picture"))
            #expect(arguments.contains("scale=100:100:"))
            let left = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            #expect(left == ["picture", "program"])
        }
    }

    @Test func failureAndSilenceAreErrors() async throws {
        try await withFolder { folder in
            let failing = try script("exit 3", in: folder)
            await #expect(throws: ThumbnailError.failed(status: 3)) {
                try await Thumbnails(program: failing, folder: folder).make(of: picture(in: folder))
            }
            let endless = try script("exec sleep 1000", in: folder)
            await #expect(throws: ThumbnailError.failed(status: -9)) {
                try await Thumbnails(program: endless, folder: folder, timeout: 0.2).make(of: picture(in: folder))
            }
            let task = Task { try await Thumbnails(program: endless, folder: folder).make(of: picture(in: folder)) }
            task.cancel()
            await #expect(throws: ThumbnailError.cancelled) { try await task.value }
        }
    }

    @Test func unknownAndMissingFilesAreRefused() async throws {
        try await withFolder { folder in
            let program = try script("exit 0", in: folder)
            let thumbnails = Thumbnails(program: program, folder: folder)
            let text = folder.appending(path: "text")
            try Data("#EXTM3U\n/etc/passwd".utf8).write(to: text)
            await #expect(throws: ThumbnailError.unknownFormat) { try await thumbnails.make(of: text) }
            await #expect(throws: ThumbnailError.file(errno: ENOENT)) {
                try await thumbnails.make(of: folder.appending(path: "absent"))
            }
        }
    }

    private func picture(in folder: URL) throws -> URL {
        let url = folder.appending(path: "picture")
        try Data(Array("GIF89a".utf8) + [1, 0, 1, 0]).write(to: url)
        return url
    }

    private func script(_ text: String, in folder: URL) throws -> String {
        let path = folder.appending(path: "program").path
        try Data("#!/bin/sh\n\(text)\n".utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        return path
    }

    private func withFolder(_ body: (URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "wharf-thumbnails-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder)
    }
}
