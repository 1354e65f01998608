import Compression
import WhatsAppWire

extension FuzzTarget {
    /// Stanzas: what is read must be the same after it was written and read again.
    static func nodes() throws -> FuzzTarget {
        let mix = StanzaMix(seed: 3)
        var corpus = try mix.stanzas.map { try StanzaCodec.encode($0) }
        corpus += try mix.stanzas.prefix(30).map { try StanzaCodec.encodeCompressed($0) }
        corpus += [[0, 0xf8, 1, 2], [0, 0xf8, 2, 0x19, 0xf8, 0], [0, 0xf8, 3, 0x19, 0x11, 0xfa, 0, 3]]
        let pieces: [[UInt8]] = [
            [0xf8, 2, 0x19, 0xf8, 1], [0xf9, 0xff, 0xff], [0xfa, 0, 3], [0xf7, 0, 1], [0xf7, 129, 99],
            [0xf6, 0xec, 0x33, 0, 3, 0xcc], [0xf5, 0x19, 0, 1, 0, 7, 0xfc, 7], [0xfd, 0x0f, 0xff, 0xff],
            [0xfe, 0xff, 0xff, 0xff, 0xff], [0xff, 0x82], [0xfb, 0xff], [0xfc, 0], [0],
        ]
        let mutation = Mutation(corpus: corpus, pieces: pieces)
        return FuzzTarget(name: "node decoder", share: 30) { random in
            let bytes: [UInt8]
            if random.number(0...9) == 0, var body = Optional(mutation.input(&random)), !body.isEmpty {
                // Broken below a compression that is whole.
                body.removeFirst()
                bytes = (try? [2] + Compression.deflate(body, format: .zlib, level: 1)) ?? body
            } else {
                bytes = mutation.input(&random)
            }
            guard let node = try? StanzaCodec.decode(bytes) else { return .refused }
            guard let written = try? StanzaCodec.encode(node) else { return .unsound("was read, cannot be written") }
            guard let again = try? StanzaCodec.decode(written), let twice = try? StanzaCodec.encode(again) else {
                return .unsound("was written, cannot be read")
            }
            return written == twice ? .accepted : .unsound("is another stanza after writing and reading")
        }
    }

    /// Byte streams, whole and in pieces: the frames must be the same.
    static func frames() throws -> FuzzTarget {
        var random = SplitMix(seed: 4)
        let corpus = try (0..<40)
            .map { index in
                let frames = (0..<random.number(1...6)).map { _ in random.bytes(random.number(0...300)) }
                let rest = try frames.dropFirst().flatMap { try Frame.encode($0) }
                return try index % 2 == 0
                    ? Frame.opening(frames[0], routingInfo: index % 4 == 0 ? random.bytes(20) : nil) + rest
                    : frames.flatMap { try Frame.encode($0) }
            }
        let mutation = Mutation(
            corpus: corpus,
            pieces: [Frame.prologue, [0x45, 0x44, 0, 1], [0, 0, 0], [0xff, 0xff, 0xff]]
        )
        return FuzzTarget(name: "frame parser", share: 14) { random in
            let bytes = mutation.input(&random, noise: 0...40)
            let role: FrameDecoder.Role = random.number(0...1) == 0 ? .client : .server
            let limit = random.pick([64, 1 << 16, 1 << 24 - 1])
            let (whole, wholeFailed) = read([bytes[...]], role, limit)
            var parts: [ArraySlice<UInt8>] = []
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = min(random.number(1...random.pick([1, 7, 100])), rest.count)
                parts.append(rest.prefix(count))
                rest = rest.dropFirst(count)
            }
            let (pieces, piecesFailed) = read(parts, role, limit)
            guard whole == pieces, wholeFailed == piecesFailed else {
                return .unsound("other frames when it comes in pieces")
            }
            return wholeFailed ? .refused : .accepted
        }
    }

    private static func read(
        _ parts: [ArraySlice<UInt8>],
        _ role: FrameDecoder.Role,
        _ limit: Int
    ) -> (frames: [[UInt8]], failed: Bool) {
        var decoder = FrameDecoder(role: role, maximumLength: limit)
        var frames: [[UInt8]] = []
        do {
            for part in parts {
                decoder.append(part)
                while let frame = try decoder.next() { frames.append(frame) }
            }
            return (frames, false)
        } catch {
            return (frames, true)
        }
    }

    /// Addresses in text form.
    static func jids() -> FuzzTarget {
        let texts = [
            "15551234567@s.whatsapp.net", "15551234567:12@s.whatsapp.net", "100000000000001.2:65535@lid",
            "120363040000000001@g.us", "7-2001:1@interop", "status@broadcast", "s.whatsapp.net", "100:3@msgr",
        ]
        let mutation = Mutation(
            corpus: texts.map { Array($0.utf8) },
            pieces: ["@", ":", ".", "_", "-"].map { Array($0.utf8) }
        )
        return FuzzTarget(name: "JID text", share: 8) { random in
            let text = String(decoding: mutation.input(&random, noise: 0...40), as: UTF8.self)
            guard let jid = JID(text) else { return .refused }
            return jid.description.isEmpty && jid.redacted.isEmpty ? .unsound("has no text form") : .accepted
        }
    }
}
