import Foundation
import Testing
import WharfTestSupport
import WhatsAppSandbox

@testable import Bots

/// A bot whose language is Indonesian, as people in its chats meet it.
struct LanguageTests {
    private static func run(rate: Int = 120, _ body: (BotWorld) async throws -> Void) async throws {
        let change = { (settings: inout ConductSettings) in
            settings.language = .indonesian
            settings.commandsPerMinute = rate
        }
        try await BotWorld.run(change, body)
    }

    @Test func commandsAnswerInTheLanguageOfTheBot() async throws {
        try await Self.run { world in
            let bob = try await world.person("Bob")
            let own = world.phone.number
            for (command, answer) in [
                ("ping", "ms, aktif selama"), ("uptime", "Aktif selama"), ("info", "Bahasa: id"),
                ("alive", "siap membantu, Bob."), ("stats", "diterima"), ("report Ada masalah", "Terima kasih"),
                ("remind 10m Teh", "Oke, saya ingatkan pada"), ("remind besok 8:00 Lari", "Oke, saya ingatkan pada"),
                ("remind list", "2. "), ("afk makan", "sedang pergi: makan"), ("note", "Belum ada catatan"),
                ("calc 2+2", "2+2 = *4*"),
            ] {
                let text = try await bob.hears(".\(command)", in: own)
                #expect(text.contains(answer), "\(command): \(text)")
            }
            // The first thing after “afk” has brought Bob back.
            #expect(try await world.phone.hears(".setprefix . !", in: own) == "Perintah diawali dengan . atau !.")
            #expect(try await world.phone.hears(".disable ping", in: own) == "Ping sudah mati.")
            #expect(try await bob.hears(".ping", in: own) == "Perintah “ping” dimatikan di sini.")
        }
    }

    @Test func theMenuAndErrorsAreInTheLanguageOfTheBot() async throws {
        try await Self.run { world in
            let bob = try await world.person("Bob")
            let group = try await world.group(of: [bob])
            let menu = try await bob.hears(".menu", in: group.jid)
            for part in ["perintah, awalan .", "*Umum*", "*Unduhan*", "menu <perintah> menjelaskan"] {
                #expect(menu.contains(part), "\(part)")
            }
            let category = try await bob.hears(".menu grup", in: group.jid)
            #expect(category.contains(".kick <anggota ...>\n    Mengeluarkan anggota dari grup."))
            #expect(try await bob.hears(".menu group", in: group.jid) == category)
            let details = try await bob.hears(".help report", in: group.jid)
            #expect(details.contains("*.report <teks>*\nMelaporkan masalah"))
            #expect(details.contains("Juga: feedback, bug") && details.contains("Jeda: 1 menit"))
            #expect(try await bob.hears(".menu stiker bulat", in: group.jid) == "Tidak ada perintah “stiker bulat”.")
            #expect(try await bob.hears(".help pingg", in: group.jid).contains("Maksudmu .ping?"))
            #expect(try await bob.hears(".menu cuaca", in: group.jid).hasPrefix("*1 ditemukan*\n.weather – "))
            for (command, answer) in [
                ("kick", "Hanya admin grup yang boleh memakai perintah ini."),
                ("report", "Teks belum diisi.\nCara pakai: .report <teks>"),
                ("broadcast halo", "Hanya pemilik bot yang boleh memakai perintah ini."),
                ("currency x EUR USD", "Jumlahnya bukan angka.\nCara pakai: .currency <jumlah> <dari> <ke>"),
                ("sticker", "Kirim atau balas gambar, video, stiker atau dokumen."),
                ("hash", "Tulis teks setelah perintahnya, atau balas sebuah pesan."),
                ("calc 2+", "Ada yang kurang di akhir."),
            ] {
                let text = try await bob.hears(".\(command)", in: group.jid)
                #expect(text.hasPrefix(answer), "\(command): \(text)")
            }
            let phone = world.phone
            #expect(
                try await phone.hears(".warnlimit 99", in: group.jid).hasPrefix("Batas harus angka dari 1 sampai 20.")
            )
            #expect(
                try await phone.hears(".mode nobody", in: group.jid).contains("Mode harus salah satu dari public, ")
            )
            #expect(try await phone.hears(".tagall", in: phone.number) == "Perintah ini hanya untuk grup.")
        }
    }

    @Test func whatTheClientFindsWrongIsSaidInTheLanguageOfTheBot() async throws {
        try await Self.run { world in
            let bob = try await world.person("Bob")
            let group = try await world.group(of: [bob])
            let long = String(repeating: "x", count: 2_049)
            for (command, answer) in [
                ("setname \(long.prefix(101))", "Nama grup berisi 1 sampai 100 karakter."),
                ("setdesc \(long)", "Deskripsi paling banyak 2048 karakter."),
                ("setabout \(long.prefix(140))", "Teks paling banyak 139 karakter."),
            ] {
                #expect(try await world.phone.hears(".\(command)", in: group.jid) == answer)
            }
            let theirs = try await bob.says("Mine", to: world.phone.number)
            _ = try await world.phone.message { $0.id == theirs }
            #expect(
                try await world.phone.hears(".del", in: bob.number, quoting: theirs)
                    == "Di chat pribadi saya hanya bisa menarik pesan saya sendiri."
            )
        }
    }

    @Test func groupsAreKeptInTheLanguageOfTheBot() async throws {
        try await Self.run { world in
            let (bob, carol, phone) = (try await world.person("Bob"), try await world.person("Carol"), world.phone)
            let group = try await world.group(of: [bob])
            #expect(
                try await phone.hears(".antilink warn", in: group.jid) == "Tautan: peringatkan. Diizinkan: tidak ada."
            )
            try await bob.says("see bad.com", to: group.jid)
            _ = try await bob.message {
                $0.text?.contains("peringatan 1 dari 3: tautan tidak diizinkan di sini.") == true
            }
            let warnings = try await phone.hears(".warnings", in: group.jid)
            #expect(warnings.contains("*Peringatan*") && warnings.contains("1 dari 3 (tautan tidak"))
            #expect(
                try await phone.hears(".welcome on", in: group.jid)
                    == "Anggota baru disambut dengan:\nSelamat datang {mention} di {group}!"
            )
            let added = try await phone.hears(".add +\(carol.number)", in: group.jid)
            #expect(added.hasSuffix(" ditambahkan."), "\(added)")
            _ = try await bob.message { $0.text?.hasPrefix("Selamat datang @") == true }
            let info = try await phone.hears(".groupinfo", in: group.jid)
            #expect(info.contains("Anggota: 3, admin: 1") && info.contains("Diawasi: tautan (peringatkan)"))
            #expect(
                try await phone.hears(".kick @\(bob.number)", in: group.jid, mentions: [bob]).contains("dikeluarkan.")
            )
        }
    }

    @Test func tooManyCommandsAreRefusedInTheLanguageOfTheBot() async throws {
        try await Self.run(rate: 1) { world in
            let bob = try await world.person("Bob")
            _ = try await bob.hears(".ping", in: world.phone.number)
            #expect(try await bob.hears(".ping", in: world.phone.number).hasPrefix("Terlalu banyak perintah. Tunggu "))
        }
    }
}
