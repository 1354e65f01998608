import Foundation
import Testing
import WhatsApp

@testable import MediaTools

@Suite struct StickerTests {
    private let tools = TestMedia.tools

    @Test(arguments: StickerShape.allCases)
    func aPictureBecomesASquare(shape: StickerShape) async throws {
        let sticker = try await tools.sticker(from: try await TestMedia.picture(640, 300), shape: shape, for: "a")
        let format = try #require(ImageFormat(sticker.webp))
        #expect(format.kind == .webp && format.width == 512 && format.height == 512)
        #expect(!sticker.isAnimated && !format.isAnimated)
        #expect(sticker.webp.count <= 100_000)
        let metadata = StickerMetadata(packID: "id", packName: "Pack", publisher: "Ada")
        let written = try #require(metadata.written(into: sticker.webp))
        #expect(StickerMetadata(webp: written) == metadata)
        // Still a picture after the metadata were put in.
        #expect(ImageFormat(try await tools.image(from: written, for: "a"))?.width == 512)
    }

    @Test(arguments: ["gif", "mp4"])
    func movingPicturesStayMoving(kind: String) async throws {
        let sticker = try await tools.sticker(from: try await TestMedia.video(kind), for: "a")
        let format = try #require(ImageFormat(sticker.webp))
        #expect(sticker.isAnimated && format.isAnimated)
        #expect(format.width == 512 && format.height == 512)
        #expect(sticker.webp.count <= 500_000)
        let animation = try #require(try AnimatedWebP(sticker.webp))
        #expect(animation.frames.reduce(0) { $0 + $1.milliseconds } >= 500)
        // And back again, to what phones play.
        let video = try #require(MP4Format(try await tools.video(from: sticker.webp, for: "a")))
        #expect(video.width == 512 && video.height == 512)
        #expect((0.5...2).contains(video.seconds))
        #expect(ImageFormat(try await tools.image(from: sticker.webp, for: "a"))?.kind == .png)
    }

    @Test func textBecomesASticker() async throws {
        let still = try await tools.textSticker("Grüße & <hello> 世界 😀", isAnimated: false, for: "a")
        #expect(ImageFormat(still.webp)?.width == 512)
        let moving = try await tools.textSticker("hi", isAnimated: true, for: "a")
        #expect(ImageFormat(moving.webp)?.isAnimated == true)
        #expect(try #require(try AnimatedWebP(moving.webp)).frames.count > 3)
    }

    @Test func aMessageBecomesASticker() async throws {
        let long = String(repeating: "A long story that goes on. ", count: 60)
        for face in [nil, try await TestMedia.picture(200, 300)] {
            let sticker = try await tools.quoteSticker(name: "Ada \u{1}<b>", text: long, face: face, for: "a")
            #expect(ImageFormat(sticker.webp)?.height == 512)
        }
    }

    @Test func bombsAreRefused() async throws {
        // A PNG that says it has ten thousand million pixels.
        var bomb: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]
        bomb += Array("IHDR".utf8) + [0, 1, 0x86, 0xa0, 0, 1, 0x86, 0xa0, 8, 6, 0, 0, 0, 0, 0, 0, 0]
        await #expect(throws: ToolError.self) { try await tools.sticker(from: bomb, for: "a") }
        await #expect(throws: ToolError.unsupportedInput) {
            try await tools.sticker(from: Array("#EXTM3U\nhttp://10.0.0.1/".utf8), for: "a")
        }
        // Real pixels this time, but more than are taken; a few kilobytes as a file.
        let large = try await TestMedia.make("color=black:size=8000x7000", ["-frames:v", "1"], "large.png")
        await #expect(throws: ToolError.self) { try await tools.sticker(from: large, for: "a") }
    }

    @Test func brokenAnimationsAreRefused() async throws {
        let sticker = try await tools.sticker(from: try await TestMedia.video("gif"), for: "a")
        for length in stride(from: 0, to: sticker.webp.count, by: 997) {
            // Whatever is cut off: an error or a shorter animation, never a trap.
            _ = try? AnimatedWebP(Array(sticker.webp.prefix(length)))
        }
        await #expect(throws: ToolError.self) {
            try await tools.video(from: Array(sticker.webp.prefix(sticker.webp.count / 2)), for: "a")
        }
    }
}

extension TestMedia {
    static func video(_ kind: String) async throws -> [UInt8] { try await video(seconds: 1, kind) }
}
