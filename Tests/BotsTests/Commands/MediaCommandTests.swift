import Foundation
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppCrypto
import WhatsAppProtobufs
import WhatsAppSandbox
import WhatsAppWire

@testable import Bots

struct MediaCommandTests {
    @Test func stickersAreMadeAndTaken() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let chat = world.phone.number
            let picture = try await world.server.tools.picture()
            let made = try await bob.sends(picture, as: .image, "image/jpeg", ".sticker --crop Cats | Ada", to: chat)
            #expect(made.kind == "sticker")
            let webp = try await world.file(of: made)
            let format = try #require(ImageFormat(webp))
            #expect(format.kind == .webp && format.width == 512 && format.height == 512 && !format.isAnimated)
            #expect(StickerMetadata(webp: webp)?.packName == "Cats")
            #expect(StickerMetadata(webp: webp)?.publisher == "Ada")
            let taken = try await bob.sends(webp, as: .sticker, "image/webp", then: ".take Dogs", to: chat)
            let metadata = try #require(StickerMetadata(webp: try await world.file(of: taken)))
            #expect(metadata.packName == "Dogs" && metadata.publisher == "Wharf")
            let image = try await bob.sends(webp, as: .sticker, "image/webp", then: ".toimage", to: chat)
            #expect(ImageFormat(try await world.file(of: image))?.kind == .png)
        }
    }

    @Test func movingPicturesAreRemade() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let chat = world.phone.number
            let film = try await world.server.tools.film()
            let made = try await bob.sends(film, as: .video, "video/mp4", ".s", to: chat)
            let webp = try await world.file(of: made)
            #expect(ImageFormat(webp)?.isAnimated == true && made.decoded.stickerMessage.isAnimated)
            let gif = try await bob.sends(film, as: .gif, "video/mp4", ".sticker", to: chat)
            #expect(ImageFormat(try await world.file(of: gif))?.isAnimated == true)
            let video = try await bob.sends(webp, as: .sticker, "image/webp", then: ".tovideo", to: chat)
            #expect(MP4Format(try await world.file(of: video))?.width == 512)
            let loop = try await bob.sends(film, as: .video, "video/mp4", ".togif", to: chat)
            #expect(loop.decoded.videoMessage.gifPlayback)
            #expect(MP4Format(try await world.file(of: loop))?.width == 160)
        }
    }

    @Test func soundIsRemade() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let chat = world.phone.number
            let film = try await world.server.tools.film()
            let mp3 = try await bob.sends(film, as: .video, "video/mp4", ".tomp3", to: chat)
            #expect(mp3.decoded.audioMessage.mimetype == "audio/mpeg" && !mp3.decoded.audioMessage.ptt)
            let bytes = try await world.file(of: mp3)
            #expect(bytes.starts(with: Array("ID3".utf8)) || bytes.first == 0xff)
            #expect(abs(try await world.server.tools.seconds(of: bytes, "sound.mp3") - 1) < 0.2)
            let voice = try await bob.sends(film, as: .video, "video/mp4", ".tovoice", to: chat)
            #expect(voice.decoded.audioMessage.ptt && voice.decoded.audioMessage.waveform.count == 64)
            let note = try await world.file(of: voice)
            #expect(OggFormat(note)?.channels == 1)
            #expect(abs(try await world.server.tools.seconds(of: note, "note.ogg") - 1) < 0.2)
        }
    }

    @Test func picturesAreChanged() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let chat = world.phone.number
            let picture = try await world.server.tools.picture()
            let square = try await bob.sends(picture, as: .image, "image/jpeg", ".crop", to: chat)
            let cropped = try #require(ImageFormat(try await world.file(of: square)))
            #expect(cropped.width == 200 && cropped.height == 200)
            let large = try await bob.sends(picture, as: .image, "image/jpeg", ".enhance upscale", to: chat)
            #expect(ImageFormat(try await world.file(of: large))?.width == 640)
            let wrong = try await bob.sends(picture, as: .image, "image/jpeg", ".crop heart", to: chat)
            #expect(wrong.text?.contains("is no shape") == true)
            #expect(try await bob.hears(".crop", in: chat).contains("Send or answer an image"))
        }
    }

    @Test func textBecomesAPicture() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let chat = world.phone.number
            for (command, isAnimated) in [(".attp Hello", true), (".ttp Hello", false), (".quote So it is", false)] {
                let format = ImageFormat(try await world.file(of: try await bob.asks(command, in: chat)))
                #expect(format?.width == 512 && format?.isAnimated == isAnimated, "\(command)")
            }
        }
    }

    @Test func quotedPeopleAreNamedAsTheyNameThemselves() async throws {
        try await BotWorld.run { world in
            let (bob, carol) = (try await world.person("Bob"), try await world.person("Carol"))
            let group = try await world.group(of: [bob, carol])
            let said = try await bob.says("So it is", to: group.jid)
            let own = try await world.file(of: try await bob.asks(".quote So it is", in: group.jid))
            let quoted = try await world.file(of: try await carol.asks(".quote", in: group.jid, quoting: said))
            // Not the bytes themselves: nobody wants to read them.
            let isSame = own == quoted
            #expect(isSame)
            let session = try await world.session()
            let groups = try await session.participatingGroups()
            let chat = try #require(groups.first { $0.jid.description == group.jid }?.jid)
            let people = try [bob, carol].map { try #require(Person(number: $0.number)?.jid) }
            #expect(await session.pushName(of: people[0], with: said, in: chat) == "Bob")
            // A quote may name anybody as the author.
            #expect(await session.pushName(of: people[1], with: said, in: chat) != "Bob")
        }
    }

    @Test func onlyTheOwnerSeesTwice() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let chat = world.phone.number
            let picture = try await world.server.tools.picture()
            let secret = PhoneMedia(kind: .image, bytes: picture, type: "image/jpeg", isViewOnce: true)
            let id = try await bob.does(.media(secret), in: chat)
            #expect(try await bob.hears(".reveal", in: chat, quoting: id).isEmpty == false)
            _ = try await world.phone.message { $0.id == id }
            try await world.phone.says(".reveal", to: bob.number, quoting: id)
            let kept = try await world.phone.message { $0.kind == "image" && $0.device != 0 }
            #expect(ImageFormat(try await world.file(of: kept))?.width == 320)
        }
    }

    @Test func brokenFilesAreRefused() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let chat = world.phone.number
            var bomb: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]
            bomb += Array("IHDR".utf8) + [0, 1, 0x86, 0xa0, 0, 1, 0x86, 0xa0, 8, 6, 0, 0, 0, 0, 0, 0, 0]
            let answer = try await bob.sends(bomb, as: .image, "image/png", ".sticker", to: chat)
            #expect(answer.text?.contains("cannot be read") == true)
            let zip = try await bob.sends(
                Array("PK\u{3}\u{4}".utf8),
                as: .document,
                "application/zip",
                then: ".sticker",
                to: chat
            )
            #expect(zip.text?.contains("cannot be used") == true)
        }
    }
}
