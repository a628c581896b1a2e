"""What people read when the database refuses a change of an account, a role, the trail or a sending."""

from lindung.access.client_models import CLIENT_MESSAGES
from lindung.law.text import Text

CONSTRAINT_MESSAGES = {
    "access_organisation_code_key": Text(
        "Kode organisasi ini sudah dipakai. Pilih kode lain.", "This code is taken. Choose another."
    ),
    "organisation_kind_is_known": Text("Jenis organisasi tidak dikenal.", "Unknown kind of organisation."),
    "organisation_office_has_a_city": Text(
        "Dinas harus berada di bawah satu kota; organisasi lain tidak. Pilih kotanya.",
        "An office belongs to one city, other organisations to none. Choose the city.",
    ),
    "organisation_only_a_city_has_a_branch": Text(
        "Hanya kota yang dilayani kantor cabang. Kosongkan cabangnya.",
        "Only a city is served by a branch. Leave the branch empty.",
    ),
    "access_user_username_key": Text(
        "Nama pengguna ini sudah dipakai. Pilih nama lain.", "This user name is taken. Choose another."
    ),
    "user_name_is_lower_case": Text(
        "Nama pengguna hanya boleh huruf kecil, angka, titik dan garis.",
        "A user name has lower-case letters, digits, dots and dashes only.",
    ),
    "appointment_one_at_a_time": Text(
        "Pengguna ini sudah memegang peran lain pada masa itu. Akhiri dulu peran itu.",
        "This user holds another role at that time. End that one first.",
    ),
    "appointment_ends_after_it_starts": Text(
        "Tanggal akhir harus setelah tanggal mulai.", "The end must be after the start."
    ),
    "account_change_not_in_the_past": Text(
        "Tanggal mulai sudah lewat. Perubahan berlaku paling awal hari ini.",
        "The first day is over. A change holds from today at the earliest.",
    ),
    "appointment_role_is_known": Text("Peran tidak dikenal.", "Unknown role."),
    "appointment_operator_has_a_kelurahan": Text(
        "Operator kelurahan harus punya kelurahan; peran lain tidak. Pilih kelurahannya.",
        "A kelurahan operator has a kelurahan, other roles have none. Choose the kelurahan.",
    ),
    "appointment_who_and_when_together": Text(
        "Pemberi peran dan waktunya ditulis bersama.", "Who gave the role and when belong together."
    ),
    "appointment_not_by_oneself": Text(
        "Tidak seorang pun boleh memberi peran kepada dirinya sendiri. Minta administrator lain.",
        "Nobody gives a role to himself. Ask another administrator.",
    ),
    "audit_detail_without_nik": Text(
        "Catatan audit tidak boleh memuat NIK. Sebut nomor barisnya.",
        "An audit event carries no NIK. Name the row instead.",
    ),
    "limiter_counts_from_one": Text("Hitungan batas rusak.", "The counter is damaged."),
    "order_sent_once": Text(
        "Perintah ini sudah dikirim. Tidak ada yang dijalankan dua kali.",
        "This order was sent before. Nothing is carried out twice.",
    ),
    "draft_once_per_page": Text("Isian ini sudah disimpan.", "What you typed is kept already."),
    "access_signinlink_token_hash_key": Text(
        "Tautan masuk ini sudah ada. Buat yang baru.", "This sign-in link exists already. Make a new one."
    ),
    "account_change_asked_by_somebody": Text(
        "Usulan ini tidak menyebut pengusulnya. Ajukan dari halaman Pengguna.",
        "This request does not say who asked. Make it on the page of users.",
    ),
    "account_change_first_administrators": Text(
        "Di sini sudah ada administrator. Dialah yang mengundang, di halaman Pengguna.",
        "There is an administrator here, who invites others on the page of users.",
    ),
    "account_change_kind_known": Text("Jenis usulan tidak dikenal.", "Unknown kind of request."),
    "account_change_names_whom": Text(
        "Sebut nama dan nama pengguna untuk undangan, atau pilih pengguna yang sudah ada.",
        "Name the person and a user name for an invitation, or choose a user who is there.",
    ),
    "account_change_key_whole": Text(
        "Kunci API butuh sedikitnya satu izin, dan satu pengguna atau satu sistem mitra.",
        "An API key needs one permission at least, and one user or one partner's system.",
    ),
    "account_change_role_whole": Text(
        "Pilih peran untuk undangan dan pergantian peran; usulan lain tanpa peran.",
        "Choose a role for an invitation or a change of role; other requests have none.",
    ),
    "account_change_operator_has_a_kelurahan": Text(
        "Operator kelurahan harus punya kelurahan; peran lain tidak. Pilih kelurahannya.",
        "A kelurahan operator needs a kelurahan, other roles have none. Choose the kelurahan.",
    ),
    "account_change_has_a_reason": Text(
        "Tulis alasannya; orang kedua membacanya sebelum menyetujui.",
        "Write the reason; the second person reads it before approving.",
    ),
    "account_change_decided_whole": Text(
        "Keputusan, siapa yang memutuskan, dan kapan ditulis bersama.",
        "The decision, who decided and when belong together.",
    ),
    "account_change_by_two_people": Text(
        "Yang mengusulkan tidak menyetujui. Minta administrator lain menyetujuinya.",
        "Whoever asks does not approve. Let another administrator approve it.",
    ),
    "account_change_not_for_oneself": Text(
        "Tidak seorang pun mengubah akunnya sendiri. Minta administrator lain.",
        "Nobody changes his own account. Ask another administrator.",
    ),
    "account_change_in_time": Text(
        "Usulan ini lebih dari 7 hari. Ajukan lagi.", "This request is older than 7 days. Make it again."
    ),
    "account_change_open_once": Text(
        "Usulan yang sama masih menunggu persetujuan. Putuskan dulu yang itu.",
        "The same request still waits for approval. Decide that one first.",
    ),
    "account_change_one_invitation": Text(
        "Undangan untuk nama pengguna ini masih menunggu. Putuskan dulu yang itu.",
        "An invitation for this user name still waits. Decide that one first.",
    ),
    "account_change_decided_once": Text(
        "Usulan ini sudah diputuskan. Lihat hasilnya.", "This request is decided. Look at the outcome."
    ),
    "user_changed_by_herself": Text(
        "Kata sandi dan nama hanya diubah pemiliknya.", "Only its owner changes a password or a name."
    ),
    "two_administrators_stay": Text(
        "Dua administrator harus tetap ada, sebab setiap perubahan butuh dua orang. Undang yang lain dulu.",
        "Two administrators have to stay, as every change takes two. Invite another one first.",
    ),
    "access_onetimelink_token_hash_key": Text(
        "Tautan ini sudah ada. Buat yang baru.", "This link exists already. Make a new one."
    ),
    "one_time_link_open_once": Text(
        "Masih ada tautan yang berlaku. Batalkan dulu yang itu.",
        "There is a link that still works. Revoke that one first.",
    ),
    "one_time_link_used_or_revoked": Text(
        "Tautan yang sudah dipakai tidak dapat dibatalkan.", "A link that was used cannot be revoked."
    ),
    "one_time_link_for_three_days": Text(
        "Tautan berlaku paling lama 72 jam.", "A link works for 72 hours at most."
    ),
    "one_time_link_of_an_approved_change": Text(
        "Tautan dibuat setelah orang kedua menyetujui usulannya.",
        "A link is made after a second person has approved the request.",
    ),
    "access_opensession_key_hash_key": Text(
        "Sesi ini sudah tercatat.", "This session is on the list already."
    ),
    "access_device_token_hash_key": Text("Perangkat ini sudah terdaftar.", "This device is known already."),
    "device_known_for_ninety_days": Text(
        "Perangkat dikenal paling lama 90 hari. Daftarkan lagi setelah itu.",
        "A device is known for 90 days at most. Register it again after that.",
    ),
    "device_revoked_by_somebody": Text(
        "Siapa yang melupakan perangkat dan kapan ditulis bersama.",
        "Who made the device forgotten and when belong together.",
    ),
    "device_stands_somewhere": Text(
        "Beri nama perangkat dan kelurahan tempatnya.", "Name the device and the kelurahan where it stands."
    ),
    "device_pass_once_a_day": Text(
        "Kode hari ini sudah tercatat di perangkat ini.", "Today's code is noted on this device already."
    ),
}
CONSTRAINT_MESSAGES |= CLIENT_MESSAGES
