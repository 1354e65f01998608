import Assistant
import MediaTools

/// What went wrong with a tool, in words for whoever asked.
enum ToolWords {
    static func refusal(_ error: ToolError) -> any Error {
        let phrase =
            switch error {
            case .programMissing(let name):
                Phrase(en: "This server lacks the program “\(name)”.", id: "Server ini tidak punya program “\(name)”.")
            case .sandboxMissing, .sandboxRefused:
                Phrase(
                    en: "This server cannot run tools safely, so it does not run them.",
                    id: "Server ini tidak bisa menjalankan alat dengan aman, jadi tidak dijalankan."
                )
            case .busy:
                Phrase(
                    en: "Too much is being made just now; try again in a moment.",
                    id: "Sedang banyak antrean; coba lagi sebentar lagi."
                )
            case .timedOut: Phrase(en: "That took too long and was ended.", id: "Itu terlalu lama dan dihentikan.")
            case .inputTooLarge: Phrase(en: "This file is too large.", id: "Berkas ini terlalu besar.")
            case .outputTooLarge: Phrase(en: "The result would be too large.", id: "Hasilnya akan terlalu besar.")
            case .unsupportedInput:
                Phrase(
                    en: "This kind of file cannot be used for that.",
                    id: "Jenis berkas ini tidak bisa dipakai untuk itu."
                )
            case .failed:
                Phrase(
                    en: "This file cannot be read; it may be damaged.",
                    id: "Berkas ini tidak bisa dibaca; mungkin rusak."
                )
            case .system:
                Phrase(
                    en: "The server is short of something; try again later.",
                    id: "Server sedang kekurangan sesuatu; coba lagi nanti."
                )
            case .cancelled: Phrase(same: "")
            }
        return error == .cancelled ? CancellationError() : CommandRefusal(phrase)
    }

    static func refusal(_ error: DownloadError) -> any Error {
        let phrase =
            switch error {
            case .invalidAddress: Phrase(en: "That is no web address.", id: "Itu bukan alamat web.")
            case .privateAddress:
                Phrase(
                    en: "This address is not on the public internet, so it is not fetched.",
                    id: "Alamat ini tidak ada di internet publik, jadi tidak diambil."
                )
            case .nothingFound:
                Phrase(
                    en: "Nothing that can be downloaded was found there.",
                    id: "Tidak ada yang bisa diunduh di sana."
                )
            case .unavailable:
                Phrase(
                    en: "This cannot be had without an account, or not from here.",
                    id: "Ini tidak bisa diambil tanpa akun, atau tidak dari sini."
                )
            case .live:
                Phrase(
                    en: "This is still going on; it can be downloaded when it is over.",
                    id: "Ini masih berlangsung; bisa diunduh setelah selesai."
                )
            case .tooLong(let limit):
                Phrase(en: "That is too long: at most \(limit).", id: "Itu terlalu panjang: paling lama \(limit).")
            case .tooLarge(let limit):
                Phrase(
                    en: "That is too large: at most \(limit / 1_048_576) MiB.",
                    id: "Itu terlalu besar: paling besar \(limit / 1_048_576) MiB."
                )
            case .timedOut: Phrase(en: "That took too long and was ended.", id: "Itu terlalu lama dan dihentikan.")
            case .busy:
                Phrase(
                    en: "Too many downloads wait already; try again in a moment.",
                    id: "Antrean unduhan penuh; coba lagi sebentar lagi."
                )
            case .notInstalled(let name):
                Phrase(en: "This server lacks the program “\(name)”.", id: "Server ini tidak punya program “\(name)”.")
            case .failed: Phrase(en: "The download failed.", id: "Unduhan gagal.")
            case .cancelled: Phrase(same: "")
            }
        if case .failed(let inner) = error, inner == .sandboxMissing || inner == .sandboxRefused {
            return refusal(inner)
        }
        return error == .cancelled ? CancellationError() : CommandRefusal(phrase)
    }

    static func refusal(_ error: AssistantError) -> any Error {
        let phrase =
            switch error {
            case .unauthorized:
                Phrase(
                    en: "The AI provider does not accept this server's key.",
                    id: "Penyedia AI tidak menerima kunci server ini."
                )
            case .rateLimited(let wait):
                wait.map {
                    Phrase(
                        en: "The AI provider is asked too often; try again in \($0).",
                        id: "Penyedia AI terlalu sering ditanya; coba lagi dalam \($0)."
                    )
                }
                    ?? Phrase(
                        en: "The AI provider is asked too often; try again later.",
                        id: "Penyedia AI terlalu sering ditanya; coba lagi nanti."
                    )
            case .overloaded:
                Phrase(
                    en: "The AI provider has trouble; try again later.",
                    id: "Penyedia AI sedang bermasalah; coba lagi nanti."
                )
            case .declined: Phrase(en: "The AI does not want to answer that.", id: "AI tidak mau menjawab itu.")
            case .unknownModel:
                Phrase(
                    en: "The AI provider does not know this server's model.",
                    id: "Penyedia AI tidak mengenal model server ini."
                )
            case .invalidRequest:
                Phrase(en: "The AI provider does not take this.", id: "Penyedia AI tidak menerima ini.")
            case .tooLarge: Phrase(en: "That is too much for the AI.", id: "Itu terlalu banyak untuk AI.")
            case .timedOut: Phrase(en: "The AI took too long.", id: "AI terlalu lama menjawab.")
            case .unreachable: Phrase(en: "The AI provider cannot be reached.", id: "Penyedia AI tidak bisa dihubungi.")
            case .malformedAnswer, .failed:
                Phrase(en: "The AI gave no answer that makes sense.", id: "Jawaban AI tidak masuk akal.")
            case .cancelled: Phrase(same: "")
            }
        return error == .cancelled ? CancellationError() : CommandRefusal(phrase)
    }

    static func refusal(_ error: LookupError) -> any Error {
        let phrase =
            switch error {
            case .notConfigured:
                Phrase(en: "This is not set up on this server.", id: "Ini belum disiapkan di server ini.")
            case .notFound(let what):
                Phrase(en: "“\(what.prefix(60))” is not known.", id: "“\(what.prefix(60))” tidak dikenal.")
            case .unavailable:
                Phrase(
                    en: "The service does not answer; try again later.",
                    id: "Layanannya tidak menjawab; coba lagi nanti."
                )
            case .cancelled: Phrase(same: "")
            }
        return error == .cancelled ? CancellationError() : CommandRefusal(phrase)
    }
}
