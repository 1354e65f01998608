import ArgumentParser
import Foundation
import WhatsAppCrypto

/// Media encryption and decryption with all hashes and checks, on one core.
struct MediaBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "media",
        abstract: "Encrypts and decrypts media: MB/s, and the memory that a long file takes."
    )

    @Option(help: "Runs of which the median counts.")
    var runs = 7

    @Option(help: "Milliseconds a run.")
    var milliseconds = 400

    private static let pieceLength = 256 << 10

    func run() throws {
        Circumstances.current().report()
        report("median of \(runs) runs of \(milliseconds) ms, least and greatest; one core, processor time")
        report("16 MiB in pieces of 256 KiB, hash of content and file, authentication code; 1 MB = 1,000,000 bytes")
        report("")
        let keys = try MediaKeys(mediaKey: [UInt8](repeating: 7, count: 32), kind: .video)
        let piece = (0..<Self.pieceLength).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let pieces = (16 << 20) / Self.pieceLength
        try measure("encrypt") { _ = try encrypt(piece, pieces, keys, withSidecar: false) }
        try measure("encrypt, with sidecar") { _ = try encrypt(piece, pieces, keys, withSidecar: true) }
        var file: [UInt8] = []
        let digest = try encrypt(piece, pieces, keys, withSidecar: false) { file += $0 }
        try measure("decrypt") { try decrypt(file, times: 1, keys, MediaExpectation(digest)) }
        file = []

        report("")
        report("resident memory after start: \(try residentKilobytes()) KiB")
        for megabytes in [16, 2_048] {
            _ = try encrypt(piece, megabytes * 4, keys, withSidecar: true)
            report("resident memory after encrypting \(megabytes) MiB: \(try residentKilobytes()) KiB")
            try decryptStream(piece, megabytes * 4, keys)
            report("resident memory after decrypting \(megabytes) MiB: \(try residentKilobytes()) KiB")
        }
    }

    private func measure(_ name: String, _ body: () throws -> Void) throws {
        try body()
        let sample = Sample(
            try (0..<runs).map { _ in try secondsPerTurn(for: .milliseconds(milliseconds), body) }
        )
        let bytes = Double(16 << 20) / 1e6
        let bounds = "[\((bytes / sample.greatest).digits(0))-\((bytes / sample.least).digits(0))]"
        report(name.padded(to: 24) + "\((bytes / sample.median).digits(0)) MB/s \(bounds)")
    }

    private func encrypt(
        _ piece: [UInt8],
        _ count: Int,
        _ keys: MediaKeys,
        withSidecar: Bool,
        write: (UnsafeRawBufferPointer) throws -> Void = { _ in }
    ) throws -> MediaDigest {
        var encryptor = try MediaEncryptor(keys: keys, withSidecar: withSidecar)
        for _ in 0..<count { try piece.withUnsafeBytes { try encryptor.update($0, write: write) } }
        return try encryptor.finish(write: write)
    }

    private func decrypt(_ file: [UInt8], times: Int, _ keys: MediaKeys, _ expectation: MediaExpectation) throws {
        var decryptor = try MediaDecryptor(keys: keys, expectation: expectation)
        try file.withUnsafeBytes { try decryptor.update($0) { _ in } }
        keep(try decryptor.finish { _ in })
    }

    /// Both directions at once, so that the file is nowhere as a whole.
    private func decryptStream(_ piece: [UInt8], _ count: Int, _ keys: MediaKeys) throws {
        var encryptor = try MediaEncryptor(keys: keys, withSidecar: false)
        var decryptor = try MediaDecryptor(keys: keys, expectation: MediaExpectation())
        for _ in 0..<count {
            try piece.withUnsafeBytes { try encryptor.update($0) { try decryptor.update($0) { _ in } } }
        }
        _ = try encryptor.finish { try decryptor.update($0) { _ in } }
        keep(try decryptor.finish { _ in })
    }

    private func residentKilobytes() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return line.flatMap { Int($0.filter(\.isNumber)) } ?? 0
    }
}

extension MediaExpectation {
    fileprivate init(_ digest: MediaDigest) {
        self.init(hash: digest.hash, encryptedHash: digest.encryptedHash, length: digest.length)
    }
}
