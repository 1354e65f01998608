import WhatsApp

/// What the client finds wrong with something before it is sent, as people are told of it.
enum ClientWords {
    static func phrase(_ field: String, _ reason: InvalidReason) -> Phrase {
        let name = name(of: field)
        return switch reason {
        case .empty: Phrase(en: "\(name) must not be empty.", id: "\(name) tidak boleh kosong.")
        case .length(let range) where range.lowerBound > 0:
            Phrase(
                en: "\(name) has \(range.lowerBound) to \(range.upperBound) characters.",
                id: "\(name) berisi \(range.lowerBound) sampai \(range.upperBound) karakter."
            )
        case .length(let range):
            Phrase(
                en: "\(name) has at most \(range.upperBound) characters.",
                id: "\(name) paling banyak \(range.upperBound) karakter."
            )
        case .bytes(let limit):
            Phrase(
                en: "\(name) is too long: at most \(limit) bytes.",
                id: "\(name) terlalu panjang: paling banyak \(limit) byte."
            )
        case .count(let range):
            Phrase(
                en: "\(name): from \(range.lowerBound) to \(range.upperBound) at once.",
                id: "\(name): dari \(range.lowerBound) sampai \(range.upperBound) sekaligus."
            )
        case .repeated: Phrase(en: "\(name): two are the same.", id: "\(name): ada dua yang sama.")
        case .notAPerson: Phrase(en: "This is no number of a person.", id: "Ini bukan nomor orang.")
        case .notOnWhatsApp: Phrase(en: "This number is not on WhatsApp.", id: "Nomor ini tidak ada di WhatsApp.")
        case .notAGroup: Phrase(en: "This is no group.", id: "Ini bukan grup.")
        case .notACode: Phrase(en: "This is no invite code.", id: "Ini bukan kode undangan.")
        case .notAPicture: Phrase(en: "This is no picture for a profile.", id: "Ini bukan foto untuk profil.")
        case .othersMessage:
            Phrase(
                en: "In a chat of two I take back my own messages alone.",
                id: "Di chat pribadi saya hanya bisa menarik pesan saya sendiri."
            )
        case .notShared:
            Phrase(
                en: "The phone has not handed over yet what this takes. Please try again in a few minutes.",
                id: "Ponsel belum menyerahkan yang dibutuhkan. Coba lagi beberapa menit lagi."
            )
        case .tooLarge:
            Phrase(en: "This is too large to be sent to everybody.", id: "Ini terlalu besar untuk dikirim ke semua.")
        case .other:
            Phrase(en: "WhatsApp does not take that (\(field)).", id: "WhatsApp tidak menerima itu (\(field)).")
        }
    }

    private static func name(of field: String) -> Phrase {
        switch field {
        case "subject": Phrase(en: "The group's name", id: "Nama grup")
        case "description": Phrase(en: "The description", id: "Deskripsi")
        case "about", "text", "caption": Phrase(en: "The text", id: "Teks")
        case "people", "members", "mentions": Phrase(en: "People", id: "Orang")
        case "poll.name": Phrase(en: "The question", id: "Pertanyaan")
        case "poll.options": Phrase(en: "The options", id: "Pilihan")
        case "contacts": Phrase(en: "Contacts", id: "Kontak")
        default: Phrase(en: "What was given", id: "Isinya")
        }
    }
}
