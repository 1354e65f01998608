import Foundation
import Testing
import WhatsApp

@testable import MediaTools

@Suite struct ConversionTests {
    private let tools = TestMedia.tools

    @Test func picturesAreCropped() async throws {
        let picture = try await TestMedia.picture(640, 300)
        let cases: [(String, Int, Int)] = [
            ("square", 300, 300), ("circle", 300, 300), ("1:2", 150, 300), ("100x50+10+10", 100, 50),
            ("9000x9000", 640, 300),
        ]
        for (text, width, height) in cases {
            let shape = try #require(CropShape(text))
            let format = try #require(ImageFormat(try await tools.crop(picture, to: shape, for: "a")))
            #expect(format.width == width && format.height == height, "\(text)")
        }
        #expect(CropShape("0x5") == nil && CropShape("1:0") == nil && CropShape("'; rm") == nil)
    }

    @Test func filtersKeepThePicture() async throws {
        let picture = try await TestMedia.picture(64, 48)
        for filter in ImageFilter.allCases {
            let format = try #require(ImageFormat(try await tools.apply(filter, to: picture, for: "a")))
            #expect(format.width == (filter == .upscale ? 128 : 64), "\(filter)")
        }
    }

    @Test func videosAreRemade() async throws {
        let loop = try await tools.loop(from: try await TestMedia.video(), for: "a")
        let format = try #require(MP4Format(loop))
        #expect(format.width == 160 && format.height == 90)
        #expect(try await tools.probe(loop, for: "a").hasSound == false)
        let video = try await tools.video(from: try await TestMedia.video(seconds: 1, "gif"), for: "a")
        #expect(try #require(MP4Format(video)).width == 160)
    }

    @Test func soundIsTakenOut() async throws {
        let video = try await TestMedia.video(seconds: 2)
        let mp3 = try await tools.mp3(from: video, for: "a")
        #expect(InputFormat(mp3) == .mp3)
        #expect((1.8...2.3).contains(try #require(try await tools.probe(mp3, for: "a").seconds)))
        let voice = try await tools.voiceNote(from: mp3, for: "a")
        let format = try #require(OggFormat(voice))
        #expect(format.channels == 1 && (1.8...2.3).contains(format.seconds))
        let samples = try await tools.samples(of: voice, for: "a")
        #expect((14_000...19_000).contains(samples.count))
        #expect(samples.contains { abs(Int($0)) > 1_000 })
        await #expect(throws: ToolError.unsupportedInput) {
            try await tools.mp3(from: try await TestMedia.picture(10, 10), for: "a")
        }
    }

    @Test func textIsSpoken() async throws {
        let wav = try await tools.speech("Hello there, how are you?", language: "en", for: "a")
        #expect(InputFormat(wav) == .wav)
        #expect(try #require(try await tools.probe(wav, for: "a").seconds) > 0.5)
        await #expect(throws: ToolError.unsupportedInput) {
            try await tools.speech("x", language: "--path=/etc", for: "a")
        }
    }

    @Test func aPictureWithoutACodeHasNone() async throws {
        #expect(try await tools.readCodes(in: try await TestMedia.picture(200, 200), for: "a").isEmpty)
    }
}
