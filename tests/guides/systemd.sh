#!/bin/sh
# Runs the unit under a real systemd, in namespaces of its own, on this machine's root beneath a
# layer that is thrown away. As root: sh tests/guides/systemd.sh SITE_PACKAGES [SECONDS]
#
# SITE_PACKAGES is a folder where the bot's dependencies are installed for /usr/bin/python3. There is
# no network, so that the bot gets as far as it gets without Discord: model, index, six tries,
# status 2, and systemd starts it again. Its control groups have no controllers, so that the limits
# on memory and tasks are not tried.
set -eu
packages=$1 seconds=${2:-300} tree=$(pwd) top=$(mktemp -d)
trap 'umount -l "$top/root" "$top"; rmdir "$top"' EXIT
mount -t tmpfs tmpfs "$top"
mkdir "$top/upper" "$top/work" "$top/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$top/upper,workdir=$top/work" "$top/root"
cd "$top/root"
mkdir -p opt/coalition-bot/bin etc/coalition-bot old
{
    echo '#!/usr/bin/python3'
    echo 'import sys'
    echo "sys.path[:0] = ['$tree', '$packages']"
    echo 'from bot.__main__ import main'
    echo 'sys.exit(main())'
} >opt/coalition-bot/bin/coalition-bot
chmod 755 opt/coalition-bot/bin/coalition-bot
sed 's,^data_folder: data$,data_folder: /var/lib/coalition-bot,' "$tree/config.yaml" >etc/coalition-bot/config.yaml
cp -r "$tree/knowledge" etc/coalition-bot/knowledge
echo 'DISCORD_TOKEN=MTIz.AAAAAA.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' >etc/coalition-bot/token.env
chmod 600 etc/coalition-bot/token.env
cp "$tree/deploy/systemd/coalition-bot.service" etc/systemd/system/
printf '[Unit]\nRequires=basic.target\nAfter=basic.target\nWants=coalition-bot.service\n' \
    >etc/systemd/system/tried.target
chroot . useradd --system --home-dir /var/lib/coalition-bot --shell /usr/sbin/nologin coalition-bot

cat >boot.sh <<'END'
mount --make-rprivate /
mount --rbind . "$1"
cd "$1"
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
for each in run tmp dev; do mount -t tmpfs -o mode=755 tmpfs "$each"; done
chmod 1777 tmp
for each in null zero full random urandom tty; do
    touch "dev/$each"
    mount --bind "/dev/$each" "dev/$each"
done
touch dev/console
mount --bind /dev/null dev/console
mkdir dev/shm dev/pts
mount -t tmpfs tmpfs dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
mount -t tmpfs tmpfs sys/fs/cgroup
mount -t cgroup2 cgroup2 sys/fs/cgroup
pivot_root . old
umount -l /old
exec env -i container=tried PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    /lib/systemd/systemd --log-target=journal --unit=tried.target --show-status=false
END
unshare --mount --uts --ipc --pid --cgroup --net --fork --kill-child sh boot.sh "$top/root" &
parent=$!
sleep "$seconds"
inside=$(cat "/proc/$parent/task/$parent/children")
nsenter --target "${inside% }" --mount --pid --root sh -c '
    systemctl --no-pager show coalition-bot -p ActiveState,SubState,NRestarts,Result
    journalctl --no-pager --output=cat --unit=coalition-bot'
kill -9 "${inside% }"
wait || true
