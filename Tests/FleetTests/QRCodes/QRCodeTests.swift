import Foundation
import QRCodes
import Testing

struct QRCodeTests {
    private let linkingText =
        "2@" + String(repeating: "Ab1/", count: 22)
        + ",0JuEGMcLkHJzMGyO0Zc0vRVLXq8wGhB9qOAWBF8wXnE=,VdRr7Zu4o0PzMkqGfGXhSZzzGwqzR4s4bBGhNKZ0jVQ=,"
        + "w9f3Xo1bqDqHhIxO8d5oB4G8QwUOQ6e8DMuv1wXyM2E=,1"

    @Test(arguments: ["a", "https://wharf.example/generate", "Grüße, 🌊"])
    func pictureIsReadBackAsItsText(text: String) throws {
        #expect(try scan(QRCode(encoding: text).png(scale: 4)) == text)
    }

    @Test func linkingTextIsReadBack() throws {
        let code = try QRCode(encoding: linkingText)
        #expect(try scan(code.png(scale: 3)) == linkingText)
        #expect(code.size == 53)
    }

    @Test func longestTextFitsAndOneByteMoreDoesNot() throws {
        let longest = String(repeating: "x", count: QRCode.maximumLength)
        #expect(try QRCode(encoding: longest).size == 177)
        #expect(throws: QRCodeError.tooLong(bytes: 2_954, limit: 2_953)) { try QRCode(encoding: longest + "x") }
        #expect(throws: QRCodeError.empty) { try QRCode(encoding: "") }
    }

    @Test func finderPatternsStandInThreeCorners() throws {
        let code = try QRCode(encoding: "corners")
        for (x, y) in [(0, 0), (code.size - 7, 0), (0, code.size - 7)] {
            #expect((0..<7).allSatisfy { code[x + $0, y] && code[x, y + $0] })
            #expect(!code[x + 1, y + 1])
            #expect(code[x + 3, y + 3])
        }
        #expect(!code[-1, 0])
        #expect(!code[0, code.size])
    }

    @Test func svgIsOnePathThatCoversEveryDarkModule() throws {
        let code = try QRCode(encoding: linkingText)
        let svg = code.svg(quietZone: 4)
        #expect(svg.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 61 61\""))
        let path = try #require(svg.firstMatch(of: /fill="#000" d="([^"]+)"/)?.output.1)
        var painted = Set<[Int]>()
        for run in path.matches(of: /M(\d+) (\d+)h(\d+)v1h-(\d+)z/) {
            let (x, y, width) = try (
                #require(Int(run.output.1)), #require(Int(run.output.2)), #require(Int(run.output.3))
            )
            for column in x..<(x + width) { painted.insert([column - 4, y - 4]) }
        }
        for y in 0..<code.size {
            for x in 0..<code.size { #expect(painted.contains([x, y]) == code[x, y]) }
        }
        #expect(painted.allSatisfy { code[$0[0], $0[1]] })
    }

    @Test(arguments: [QRCode.TerminalStyle.plain, .coloured])
    func blocksInATerminalAreTheCode(style: QRCode.TerminalStyle) throws {
        let code = try QRCode(encoding: linkingText)
        let text = code.terminalBlocks(style: style).replacing(/\u{1B}\[[0-9;]*m/, with: "")
        let lines = text.split(separator: "\n").map(Array.init)
        #expect(lines.count == (code.size + 5) / 2)
        for (row, line) in lines.enumerated() {
            #expect(line.count == code.size + 4)
            for (column, block) in line.enumerated() {
                #expect((block == "█" || block == "▀") == !code[column - 2, row * 2 - 2])
                guard row * 2 - 1 < code.size + 2 else { continue }
                #expect((block == "█" || block == "▄") == !code[column - 2, row * 2 - 1])
            }
        }
    }

    /// What `zbarimg` (Debian's zbar-tools) reads in a picture.
    private func scan(_ png: [UInt8]) throws -> String {
        let file = FileManager.default.temporaryDirectory.appending(path: "wharf-qr-\(UUID().uuidString).png")
        try Data(png).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let reader = Process()
        reader.executableURL = URL(filePath: "/usr/bin/zbarimg")
        reader.arguments = ["--quiet", "--raw", "--oneshot", "-Sdisable", "-Sqrcode.enable", file.path]
        let output = Pipe()
        reader.standardOutput = output
        reader.standardError = FileHandle.nullDevice
        try reader.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        reader.waitUntilExit()
        return String(decoding: text, as: UTF8.self).trimmingCharacters(in: .newlines)
    }
}
