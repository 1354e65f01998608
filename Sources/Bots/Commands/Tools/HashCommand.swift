import Crypto
import Foundation

/// Shows a text's checksums.
struct HashCommand: Command {
    let declaration = CommandDeclaration(
        "hash",
        .tools,
        Phrase(
            en: "Shows the MD5, SHA-1, SHA-256 or SHA-512 of a text.",
            id: "Menampilkan MD5, SHA-1, SHA-256, atau SHA-512 dari teks."
        ),
        arguments: [
            CommandArgument(
                "algorithm",
                "algoritma",
                .choice(["md5", "sha1", "sha256", "sha512"]),
                optional: true,
                Phrase(en: "Else SHA-256.", id: "Biasanya SHA-256.")
            ),
            CommandArgument(
                "text",
                "teks",
                .text,
                optional: true,
                Phrase(en: "The text; else the answered message.", id: "Teksnya; kalau kosong, pesan yang dibalas.")
            ),
        ]
    )

    func run(_ context: CommandContext) async throws {
        let text = Data(try context.textOrQuoted("text").utf8)
        let algorithm = context.arguments["algorithm"] ?? "sha256"
        let bytes: [UInt8] =
            switch algorithm {
            case "md5": Array(Insecure.MD5.hash(data: text))
            case "sha1": Array(Insecure.SHA1.hash(data: text))
            case "sha512": Array(SHA512.hash(data: text))
            default: Array(SHA256.hash(data: text))
            }
        try await context.reply(verbatim: bytes.map { String(format: "%02x", $0) }.joined())
    }
}
