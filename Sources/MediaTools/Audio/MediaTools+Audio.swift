extension MediaTools {
    private static let audioSeconds = 3_600

    /// An MP3 of a video's or a recording's sound.
    package func mp3(from bytes: [UInt8], for key: String) async throws(ToolError) -> [UInt8] {
        try await sound(bytes, ["-c:a", "libmp3lame", "-b:a", "128k", "-f", "mp3"], result: "sound.mp3", for: key)
    }

    /// A voice note: Opus of one channel in Ogg.
    package func voiceNote(from bytes: [UInt8], for key: String) async throws(ToolError) -> [UInt8] {
        try await sound(
            bytes,
            ["-c:a", "libopus", "-b:a", "32k", "-ac", "1", "-ar", "48000", "-application", "voip", "-f", "ogg"],
            result: "voice.ogg",
            for: key
        )
    }

    /// The samples of a recording, 8,000 a second, for its waveform.
    package func samples(of bytes: [UInt8], for key: String) async throws(ToolError) -> [Int16] {
        let raw = try await sound(bytes, ["-ac", "1", "-ar", "8000", "-f", "s16le"], result: "samples", for: key)
        return stride(from: 0, to: raw.count - raw.count % 2, by: 2).map { index in
            Int16(bitPattern: UInt16(raw[index]) | UInt16(raw[index + 1]) << 8)
        }
    }

    /// Reads a text aloud; the result is a WAV.
    package func speech(_ text: String, language: String, for key: String) async throws(ToolError) -> [UInt8] {
        let isName = (1...20).contains(language.utf8.count) && language.utf8.first != UInt8(ascii: "-")
        guard isName, language.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }) else {
            throw .unsupportedInput
        }
        var order = ToolOrder(
            paths.speech,
            ["-v", language, "-b", "1", "-w", ToolOrder.place(of: "speech.wav"), "-f", ToolOrder.path(of: "text")]
        )
        order.inputs = [ToolOrder.Input("text", Array(text.utf8))]
        order.output = .file("speech.wav")
        order.limits.inputBytes = 16 << 10
        return try await runner.run(order, for: key)
    }

    private func sound(
        _ bytes: [UInt8],
        _ options: [String],
        result: String,
        for key: String
    ) async throws(ToolError) -> [UInt8] {
        guard let format = InputFormat(bytes), format.hasSound else { throw .unsupportedInput }
        return try await run(
            bytes,
            inputOptions: ["-t", "\(Self.audioSeconds)"],
            ["-vn", "-map_metadata", "-1"] + options,
            result: result,
            limits: ToolLimits(wallTime: .seconds(60)),
            for: key
        )
    }
}
